// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Experiments
import ServiceModel
import Testing

/// What programs print is read as those versions print it that Debian 12 has.
struct ToolOutputTests {
  @Test func `wrk: requests, errors of every kind, rate`() throws {
    let wrk = try #require(
      Wrk(
        """
        Running 5s test @ http://172.20.126.100/
          1 threads and 32 connections
          Thread Stats   Avg      Stdev     Max   +/- Stdev
            Latency   471.46us  179.96us   1.17ms   68.08%
            Req/Sec   193.37     60.50   330.00     74.07%
          62000 requests in 5.00s, 15.2MB read
          Socket errors: connect 1, read 20, write 300, timeout 4000
          Non-2xx or 3xx responses: 50000
        Requests/sec:  12400.25
        Transfer/sec:     38.72KB
        """))
    #expect(wrk.requests == 62_000 && wrk.errors == 54_321 && wrk.perSecond == 12_400.25)
    #expect(wrk.complaints.count == 2)
  }

  @Test func `wrk: without errors it does not mention them; without a result there is none`() throws {
    let wrk = try #require(Wrk("  542 requests in 3.01s, 116.45KB read\nRequests/sec:    180.20\n"))
    #expect(wrk.requests == 542 && wrk.errors == 0 && wrk.complaints.isEmpty)
    #expect(Wrk("unable to connect to 172.20.126.100:80 Connection refused") == nil)
    #expect(Wrk("") == nil)
  }

  @Test func `ss: connections and when the last byte came`() {
    let sockets = ClientSockets.parse(
      """
      0      0      172.20.126.50:49190 172.20.126.100:80
      \t bbr wscale:10,10 rto:204 rtt:0.402/0.125 lastsnd:252 lastrcv:2520 lastack:252 rcv_space:14480
      0      0      172.20.126.130:49202 172.20.126.100:80
      \t bbr wscale:10,10 rto:204 lastsnd:252 lastack:252

      """)
    #expect(sockets == ["172.20.126.50:49190": 2_520, "172.20.126.130:49202": 0])
    #expect(ClientSockets.parse("").isEmpty)
  }

  @Test func `the kernel's count of resets is found by its name`() {
    let text = """
      Ip: Forwarding DefaultTTL
      Ip: 2 64
      Tcp: RtoAlgorithm RtoMin ActiveOpens EstabResets CurrEstab
      Tcp: 1 200 205 17 200
      """
    #expect(ClientSockets.resets(text) == 17)
    #expect(ClientSockets.resets("Tcp: A EstabResets\nTcp: 1") == 0)
  }

  @Test func `iperf3: what was received, or nothing if it failed`() {
    let good =
      #"{"end": {"sum_sent": {"bits_per_second": 9}, "sum_received": {"seconds": 1.0, "bits_per_second": 15186169791.5}}}"#
    #expect(Iperf(good)?.bitsPerSecond == 15_186_169_791.5)
    #expect(Iperf(#"{"start": {}, "end": {}, "error": "unable to connect to server: Connection refused"}"#) == nil)
    #expect(Iperf("") == nil)
  }

  @Test func `sockperf: the median`() {
    let output = """
      sockperf: Summary: Round trip is 102.140 usec
      sockperf: ---> percentile 75.000 =   25.386
      sockperf: ---> percentile 50.000 =   23.794
      sockperf: ---> percentile 25.000 =   22.486
      """
    #expect(Sockperf(output)?.median == 23.794)
    #expect(Sockperf("sockperf: Test ended") == nil)
  }

  @Test func `Open vSwitch: flows that are cached`() throws {
    let flows = try #require(
      CachedFlows(
        """
        netdev@ovs-netdev:
          flows         : (current 20) (avg 19) (max 25) (limit 19000)
          dump duration : 1ms
        """))
    #expect(flows.count == 20 && flows.limit == 19_000)
    #expect(CachedFlows("netdev@ovs-netdev:") == nil)
  }

  @Test func `tcpdump: the first reset of each connection`() {
    let resets = DeadConnections.resets(
      """
      tcpdump: listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes
      1763858400.123456 IP 172.20.126.100.80 > 172.20.126.130.49190: Flags [R.], seq 1, ack 2, win 0, length 0
      1763858400.223456 IP 172.20.126.100.80 > 172.20.126.131.49190: Flags [R], seq 1, win 0, length 0
      1763858400.323456 IP 172.20.126.100.80 > 172.20.126.130.49190: Flags [R], seq 1, win 0, length 0
      """)
    #expect(
      resets == ["172.20.126.130:49190": "1763858400.123456", "172.20.126.131:49190": "1763858400.223456"])
  }

  @Test func `times of tcpdump and bash become instants`() throws {
    let clock = WallClockOffset()
    let first = try #require(clock.instant(ofEpoch: "1763858400.123456"))
    let second = try #require(clock.instant(ofEpoch: "1763858401.000001"))
    #expect(second - first == .microseconds(876_545))
    for text in ["", "1763858400", "1763858400.12", "x.123456"] { #expect(clock.instant(ofEpoch: text[...]) == nil) }
  }

  @Test func `how long the controller says that a change took`() {
    #expect(Scale.took("switch edge confirmed 24 changes after 1.8 ms") == .microseconds(1_800))
    #expect(Scale.took("switch edge confirmed 130019 changes after 2.5 s") == .milliseconds(2_500))
    #expect(Scale.took("switch edge holds the program; nothing to change") == .zero)
  }

  @Test func `httperf: requests and errors, and replies that are missing`() throws {
    func output(_ replies: Int, _ errors: Int) -> String {
      """
      Total: connections 50 requests 250 replies \(replies) test-duration 9.100 s
      Errors: total \(errors) client-timo \(errors) socket-timo 0 connrefused 0 connreset 0
      Errors: fd-unavail 0 addrunavail 0 ftab-full 0 other 0
      """
    }
    let good = try #require(Httperf(output(250, 0)))
    #expect(good.requests == 250 && good.errors == 0)
    #expect(Httperf(output(247, 0))?.errors == 3)
    #expect(Httperf(output(249, 4))?.errors == 4)
    #expect(Httperf("") == nil)
  }

  @Test func `two ways are compared by their medians`() {
    #expect(Comparison.median([3, 1, 2]) == 2 && Comparison.median([4, 1, 2, 3]) == 2.5 && Comparison.median([]) == 0)
    let comparison = Comparison(virtual: [9, 8, 100], plain: [10, 12])
    #expect(comparison.medians == (9, 11))
    #expect(comparison.ratio == 9.0 / 11)
    #expect(Comparison().ratio == 0)
  }

  @Test func `ovs-ofctl: whose the slots are, and the same group with a bucket a region`() throws {
    func bucket(_ number: Int, _ region: Int) -> String {
      let actions = "set_field:172.20.126.1\(region)->ip_dst,set_field:53->udp_dst,output:\(region + 1)"
      return "bucket=bucket_id:\(number),watch_group:9,actions=\(actions)"
    }
    let line = " group_id=7,type=select,selection_method=dp_hash,\(bucket(0, 1)),\(bucket(1, 2)),\(bucket(2, 1))"
    let group = try #require(SlotGroup(line[...]))
    #expect(group.number == 7 && group.owners == [1, 2, 1])
    #expect(group.users(without: 1) == [2, 2, 2])
    #expect(group.users(without: 2) == [1, 1, 1])
    #expect(
      group.plain(weights: [60, 40]) == "group_id=7,type=select,selection_method=dp_hash,"
        + "bucket=weight:60,actions=set_field:172.20.126.11->ip_dst,set_field:53->udp_dst,output:2,"
        + "bucket=weight:40,actions=set_field:172.20.126.12->ip_dst,set_field:53->udp_dst,output:3")
    #expect(group.plain(weights: [0, 1]).contains("172.20.126.11") == false)
    #expect(SlotGroup(" group_id=7,type=ff,bucket=bucket_id:0,watch_port:2,actions=drop") == nil)
    #expect(SlotGroup(" group_id=7,type=select,bucket=bucket_id:0,actions=drop") == nil)
  }

  @Test func `flows that moved, and that strayed`() {
    let outcome = SlotTrial.Outcome(
      dead: 1, regions: 3, healthy: [1, 1, 2, 3], bereft: [2, 3, 2, 2], before: [1, 1, 2, nil], after: [1, 2, 2, 3])
    #expect(outcome.flows == 4 && outcome.lost == 1 && outcome.strayed == 1 && !outcome.isKept)
    #expect(outcome.heirs == [0.5, 0.5] && outcome.deviation == 0)
    #expect(outcome.moved == 0.5)
  }

  @Test func `what was announced agrees with what chance makes of it`() {
    func event(_ kind: String, _ attributes: [String: String]) -> EventResource {
      EventResource(id: 1, time: "", kind: kind, severity: "warning", message: "", attributes: attributes)
    }
    let loss = AnnouncedLoss([
      event("steered", [:]), event("connections-break", ["moved": "16", "slots": "64", "connections": "480"]),
    ])
    #expect(loss.share == 0.25 && loss.connections == 480 && loss.expected(of: 2_000) == 500)
    // sqrt(2000 · 0.25 · 0.75) = 19.4
    #expect(loss.agrees(with: 558, of: 2_000) && !loss.agrees(with: 559, of: 2_000))
    #expect(AnnouncedLoss([event("steered", [:])]).moved == 0)
    #expect(AnnouncedLoss([event("connections-break", ["moved": "1", "slots": "1"])]).agrees(with: 9, of: 9))
  }
}
