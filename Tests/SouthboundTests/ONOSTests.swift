// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DriverLaws
import FoundationEssentials
import Glibc
import OpenFlow
import OpenFlowText
import Outbound
import ServiceModel
import Southbound
import Testing

/// By the documentation of ONOS's API; none could be had.
@Suite struct ONOSTests {
  private func passwordFile(_ text: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/onos-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  @Test func `its driver keeps every law`() async throws {
    let file = try self.passwordFile("rocks\n")
    defer { unlink(file) }
    let verdicts = try await ONOSStandIn.with { url in
      try await HTTPOutbound.withClient { http in
        let foreign = ForeignController(.onos, url: url, login: .init(user: "onos", passwordFile: file))
        return await DriverLaws(ONOSDriver(http, of: foreign), of: .onos, on: DatapathID(rawValue: 0xb1)).verdicts()
      }
    }
    #expect(verdicts.count == 10)
    for verdict in verdicts { #expect(verdict.problem == nil, "\(verdict.law)") }
  }

  @Test func `a wrong password is told with the user and the file`() async throws {
    let file = try self.passwordFile("sinks")
    defer { unlink(file) }
    let failure = try await ONOSStandIn.with { url in
      try await HTTPOutbound.withClient { http in
        let foreign = ForeignController(.onos, url: url, login: .init(user: "onos", passwordFile: file))
        do throws(DriverFailure) {
          _ = try await ONOSDriver(http, of: foreign).datapaths()
          return ""
        } catch {
          return "\(error)"
        }
      }
    }
    #expect(
      failure.hasSuffix(
        "does not take the user 'onos' and the password in '\(file)': status 401 for GET /onos/v1/devices"))
  }

  @Test func `a FLOW_MOD is a rule of an application whose name is its cookie`() throws {
    let mod = FlowMod(
      tableID: 0, priority: 0x3021, cookie: 0x4953_5448_4d55_5304,
      match: [
        .inPort(1), .ethernetType(0x0800), .ipProtocol(6), .ipv4Source(IPv4Address(rawValue: 0xc000_0201)),
        .tcpDestination(80),
      ],
      instructions: [
        .applyActions([
          .setField(.ethernetDestination(MACAddress(rawValue: 0xfa16_3ed8_2642))), .setField(.tcpDestination(20_000)),
          .output(.normal),
        ])
      ])
    let written = try ONOSWriter.write(
      mod, on: ONOSDriver.device(DatapathID(rawValue: 0xb1)), application: ONOSDriver.application(mod.cookie))
    let parts = [
      #"{"deviceId":"of:00000000000000b1","appId":"isthmus.495354484d555304","tableId":0,"priority":12321,"#,
      #""isPermanent":true,"timeout":0,"treatment":{"instructions":[{"type":"L2MODIFICATION","subtype":"ETH_DST","#,
      #""mac":"fa:16:3e:d8:26:42"},{"type":"L4MODIFICATION","subtype":"TCP_DST","tcpPort":20000},"#,
      #"{"type":"OUTPUT","port":"NORMAL"}],"deferred":[]},"selector":{"criteria":[{"type":"IN_PORT","port":1},"#,
      #"{"type":"ETH_TYPE","ethType":"0x800"},{"type":"IP_PROTO","protocol":6},"#,
      #"{"type":"IPV4_SRC","ip":"192.0.2.1/32"},{"type":"TCP_DST","tcpPort":80}]}}"#,
    ]
    #expect(written.text == parts.joined())
    var read = try ONOSReader.flow(written)
    read.cookie = mod.cookie
    #expect(read.match == mod.match)
    #expect(read.instructions == mod.instructions)
  }

  @Test func `an answer of ONOS is read with its ports as numbers, names or both`() throws {
    for (text, port) in [("-6", PortNumber.normal), ("7", 7), (#""[eth1](7)""#, 7), (#""CONTROLLER""#, .controller)] {
      let flow = try ONOSReader.flow(
        JSONScanner.scan(
          #"{"tableId":0,"priority":5,"isPermanent":true,"treatment":{"instructions":[{"type":"OUTPUT","port":\#(text)}]}}"#
        ))
      #expect(flow.instructions == [.applyActions([.output(port)])], "\(text)")
    }
  }

  @Test func `what its codecs do not know is refused, and so are entries`() {
    let slot = FlowMod(tableID: 0, match: [.ethernetType(0x0800), MatchEntry(.ipv4Source, 1, mask: 63)])
    #expect(ONOSDriver.objection(to: slot)?.contains("prefixes only") == true)
    let arp = FlowMod(tableID: 0, match: [.ethernetType(0x0806), .arpOperation(1)])
    #expect(ONOSDriver.objection(to: arp)?.contains("arp_op") == true)
    let prefix = FlowMod(
      tableID: 0, match: [.ethernetType(0x0800), MatchEntry(.ipv4Source, 0x0a00_0000, mask: 0xff00_0000)])
    #expect(ONOSDriver.objection(to: prefix) == nil)
  }

  @Test(arguments: [
    #"{"priority":1}"#, #"{"priority":1,"tableId":"acl"}"#,
    #"{"priority":1,"tableId":0,"selector":{"criteria":[{"type":"PROTOCOL_INDEPENDENT"}]}}"#,
    #"{"priority":1,"tableId":0,"selector":{"criteria":[{"type":"TCP_DST","tcpPort":99999}]}}"#,
    #"{"priority":1,"tableId":0,"treatment":{"instructions":[{"type":"EXTENSION"}]}}"#,
    #"{"priority":1,"tableId":0,"treatment":{"instructions":[{"type":"OUTPUT","port":"somewhere"}]}}"#,
  ])
  func `what is not known is no flow, rather than another one`(text: String) throws {
    let value = try JSONScanner.scan(text)
    #expect(throws: ONOSReader.Unreadable.self) { try ONOSReader.flow(value) }
  }
}
