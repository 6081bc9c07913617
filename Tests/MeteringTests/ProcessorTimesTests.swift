// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Metering
import NIOPosix
import Outbound
import Testing

@Suite struct ProcessorTimesTests {
  @Test func `a node_exporter's counters are summed over processors and modes`() {
    let text = """
      # HELP node_cpu_seconds_total Seconds the CPUs spent in each mode.
      # TYPE node_cpu_seconds_total counter
      node_cpu_seconds_total{cpu="0",mode="idle"} 100.5
      node_cpu_seconds_total{cpu="0",mode="iowait"} 9.5
      node_cpu_seconds_total{cpu="0",mode="user"} 20
      node_cpu_seconds_total{cpu="1",mode="system"} 1e1 1395066363000
      node_cpu_seconds_total{cpu="1",mode="steal"} NaN
      node_cpu_guest_seconds_total{cpu="0",mode="user"} 5000
      node_load1 0.5
      """
    #expect(ProcessorTimes(metrics: text) == ProcessorTimes(busy: 30, total: 140))
  }

  @Test(arguments: [
    "", "node_load1 1", "node_cpu_seconds_total", "node_cpu_seconds_total{", "node_cpu_seconds_total{} x",
  ])
  func `an answer without them says nothing`(text: String) { #expect(ProcessorTimes(metrics: text) == nil) }

  @Test func `numbers that add up to infinity say nothing`() {
    let line = "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"} 1e308\n"
    #expect(ProcessorTimes(metrics: line + line) == nil)
  }

  @Test func `the load is what was busy of the time that passed`() {
    let before = ProcessorTimes(busy: 10, total: 100)
    #expect(ProcessorTimes(busy: 11.5, total: 102).load(since: before) == 750)
    #expect(before.load(since: before) == nil)
    #expect(ProcessorTimes(busy: 1, total: 2).load(since: before) == nil, "the machine has started again")
  }

  @Test func `what a member tells is what a node_exporter would`() {
    let stat = "cpu  30 0 20 150 0 0 0 0 0 0\ncpu0 10 0 10 80 0 0 0 0 0 0\ncpu1 20 0 10 70 0 0 0 0 0 0\nintr 5\n"
    let metrics = ProcessorReport.metrics(procStat: stat, ticks: 100)
    #expect(metrics.contains("node_cpu_seconds_total{cpu=\"1\",mode=\"idle\"} 0.7\n"))
    let times = ProcessorTimes(metrics: metrics)
    #expect(times.map { abs($0.busy - 0.5) < 1e-9 && abs($0.total - 2) < 1e-9 } == true)
  }

  @Test func `a member answers over HTTP`() async throws {
    let group = MultiThreadedEventLoopGroup.singleton
    let endpoint = SocketEndpoint("127.0.0.1:19137")!
    let exporter = try await MemberExporter.listen(on: endpoint, group)
    try await HTTPOutbound.withClient(on: group) { client in
      let answer = try await client.get("http://\(endpoint)/metrics")
      #expect(answer.status == 200)
      #expect(ProcessorTimes(metrics: String(decoding: answer.body, as: UTF8.self)) != nil)
      #expect(try await client.get("http://\(endpoint)/").status == 404)
    }
    await exporter.close()
  }
}
