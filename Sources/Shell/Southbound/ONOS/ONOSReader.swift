// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import OpenFlow
package import OpenFlowText

/// Flows and ports as ONOS tells of them (`FlowEntryCodec`).
package enum ONOSReader {
  package struct Unreadable: Error, Sendable, Equatable {
    package var why: String
  }

  /// - Throws: what of it is no flow of OpenFlow. The cookie, which ONOS does not tell, is 0.
  package static func flow(_ value: JSONValue) throws(Unreadable) -> FlowStatistics {
    guard let priority: UInt16 = value.integer("priority"), let table: UInt8 = value.integer("tableId") else {
      throw Unreadable(why: "it lacks a priority, or its table has no number")
    }
    let isPermanent = value["isPermanent"]?.plain == "true"
    var match = Match()
    for criterion in value["selector"]?["criteria"]?.elements ?? [] { match.insert(try self.condition(criterion)) }
    return FlowStatistics(
      tableID: table, priority: priority, cookie: 0, idleTimeout: 0,
      hardTimeout: isPermanent ? 0 : value.integer("timeout") ?? 0, flags: [.sendFlowRemoved], match: match,
      instructions: try self.instructions(value["treatment"]))
  }

  private static func condition(_ value: JSONValue) throws(Unreadable) -> MatchEntry {
    guard let type = value["type"]?.plain, let (name, word) = ONOSWords.fields[type],
      let text = value[word.key]?.plain
    else { throw Unreadable(why: "the criterion \(value.text)") }
    return try self.entry(name, text, word.form)
  }

  private static func entry(_ name: String, _ text: String, _ form: ONOSWords.Form) throws(Unreadable) -> MatchEntry {
    var text = text
    switch form {
    case .prefix(let width):
      if text.hasSuffix("/\(width)") { text.removeLast("/\(width)".utf8.count) }
    case .vlan:
      guard let number = UInt16(text), number < 0x1000 else { throw Unreadable(why: "the VLAN '\(text)'") }
      text = "\(number | 0x1000)"
    case .number where name.hasSuffix("_port"):
      guard let port = ONOSWords.port(text) else { throw Unreadable(why: "the port '\(text)'") }
      text = "\(port.rawValue)"
    case .number, .address, .hexadecimal: break
    }
    do throws(MatchEntry.TextProblem) {
      return try MatchEntry(named: name, text: text)
    } catch {
      throw Unreadable(why: error.description)
    }
  }

  // MARK: Instructions

  private static func instructions(_ treatment: JSONValue?) throws(Unreadable) -> [Instruction] {
    var applied: [Action] = []
    var (meter, next): (Instruction?, Instruction?)
    for item in treatment?["instructions"]?.elements ?? [] {
      switch item["type"]?.plain {
      case "NOACTION", "DROP": break
      case "TABLE":
        guard let table: UInt8 = item.integer("tableId") else { throw Unreadable(why: item.text) }
        next = .gotoTable(table)
      case "METER":
        guard let number: UInt32 = item.integer("meterId") else { throw Unreadable(why: item.text) }
        meter = .meter(number)
      default: applied.append(try self.action(item))
      }
    }
    var written: [Action] = []
    for item in treatment?["deferred"]?.elements ?? [] { written.append(try self.action(item)) }
    let clear: Instruction? = treatment?["clearDeferred"]?.plain == "true" ? .clearActions : nil
    return [
      meter, applied.isEmpty ? nil : .applyActions(applied), clear, written.isEmpty ? nil : .writeActions(written),
      next,
    ].compactMap { $0 }
  }

  private static func action(_ item: JSONValue) throws(Unreadable) -> Action {
    let unreadable = Unreadable(why: "the instruction \(item.text)")
    if let subtype = item["subtype"]?.plain {
      if let (name, word) = ONOSWords.changed[subtype], let text = item[word.key]?.plain {
        return .setField(try self.entry(name, text, word.form))
      }
      switch subtype {
      case "VLAN_PUSH": return .pushVLAN(ethernetType: item.integer("ethernetType") ?? 0x8100)
      case "VLAN_POP": return .popVLAN
      case "DEC_TTL": return .decrementTTL
      case "TTL_IN": return .copyTTLIn
      case "TTL_OUT": return .copyTTLOut
      default: throw unreadable
      }
    }
    switch item["type"]?.plain {
    case "OUTPUT":
      guard let port = item["port"]?.plain.flatMap({ ONOSWords.port($0) }) else { throw unreadable }
      return .output(port)
    case "GROUP":
      guard let number: UInt32 = item.integer("groupId") else { throw unreadable }
      return .group(GroupNumber(number))
    case "QUEUE":
      guard let number: UInt32 = item.integer("queueId") else { throw unreadable }
      return .setQueue(number)
    default: throw unreadable
    }
  }

  // MARK: Ports

  /// A port of `GET /devices/…/ports`; nil: it is none.
  package static func port(_ value: JSONValue) -> PortDescription? {
    guard let number = value["port"]?.plain.flatMap({ ONOSWords.port($0) }) else { return nil }
    let annotations = value["annotations"]
    return PortDescription(
      number: number,
      hardwareAddress: annotations?["portMac"]?.plain.flatMap { MACAddress($0) } ?? MACAddress(rawValue: 0),
      name: annotations?["portName"]?.plain ?? ONOSWords.text(of: number),
      state: value["isEnabled"]?.plain == "true" ? [] : [.linkDown])
  }
}
