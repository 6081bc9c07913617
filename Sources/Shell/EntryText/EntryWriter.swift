// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
package import OpenFlowText
package import StaticEntries

/// Writes what `EntryReader` reads, in one way only.
package enum EntryWriter {
  /// - Parameters:
  ///   - more: what is said behind the entry's own fields.
  package static func write(_ entry: StaticEntry, more: [JSONValue.Member] = [], to bytes: inout [UInt8]) {
    bytes += #"{"name":"#.utf8
    JSONValue.string(entry.name).write(to: &bytes)
    bytes += #","switch":""#.utf8
    self.write(octets: entry.datapath.rawValue, count: 8, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
    if !entry.isActive { bytes += #","active":false"#.utf8 }
    switch entry.content {
    case .flow(let flow): self.write(flow, to: &bytes)
    case .group(let group):
      bytes += #","group_id":\#(group.number.rawValue),"type":"#.utf8
      self.writeSlowly(group.kind, to: &bytes)
      bytes += #","buckets":"#.utf8
      self.writeSlowly(group.buckets, to: &bytes)
    }
    for member in more {
      bytes.append(UInt8(ascii: ","))
      JSONValue.string(member.key).write(to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      member.value.write(to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  package static func text(_ entry: StaticEntry) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(320)
    self.write(entry, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(_ flow: StaticFlow, to bytes: inout [UInt8]) {
    bytes += #","table_id":\#(flow.table),"priority":\#(flow.priority)"#.utf8
    if flow.idleTimeout > 0 { bytes += #","idle_timeout":\#(flow.idleTimeout)"#.utf8 }
    if flow.hardTimeout > 0 { bytes += #","hard_timeout":\#(flow.hardTimeout)"#.utf8 }
    bytes += #","match":{"#.utf8
    for (index, entry) in flow.match.entries.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      self.write(entry, to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
    if case .applyActions(let actions)? = flow.instructions.first, flow.instructions.count == 1 {
      bytes += #","actions":"#.utf8
      self.write(actions, to: &bytes)
    } else if !flow.instructions.isEmpty {
      bytes += #","instructions":"#.utf8
      self.writeSlowly(flow.instructions, to: &bytes)
    }
  }

  private static func write(_ entry: MatchEntry, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    bytes += FieldNames.name(of: entry.field).utf8
    bytes += #"":"#.utf8
    if entry.isDecimal {
      bytes += String(UInt64(truncatingIfNeeded: entry.value)).utf8
    } else if entry.mask == nil, self.isMAC(entry.field) {
      bytes.append(UInt8(ascii: "\""))
      self.write(octets: UInt64(truncatingIfNeeded: entry.value), count: 6, to: &bytes)
      bytes.append(UInt8(ascii: "\""))
    } else if entry.isPort {
      self.write(PortNumber(UInt32(truncatingIfNeeded: entry.value)), to: &bytes)
    } else {
      JSONValue.string(entry.text).write(to: &bytes)
    }
  }

  private static func isMAC(_ field: MatchField) -> Bool {
    field == .ethernetDestination || field == .ethernetSource
  }

  /// `fa:16:3e:d8:26:42`, as `MACAddress` and `DatapathID` say it, in a hundredth of the time.
  private static func write(octets value: UInt64, count: Int, to bytes: inout [UInt8]) {
    func digit(_ value: UInt64) -> UInt8 { UInt8(value < 10 ? 0x30 + value : 0x57 + value) }
    for index in (0..<count).reversed() {
      let octet = value >> UInt64(8 * index) & 0xff
      bytes.append(digit(octet >> 4))
      bytes.append(digit(octet & 15))
      if index > 0 { bytes.append(UInt8(ascii: ":")) }
    }
  }

  private static func write(_ port: PortNumber, to bytes: inout [UInt8]) {
    if let name = port.reservedName {
      bytes += "\"\(name)\"".utf8
    } else {
      bytes += String(port.rawValue).utf8
    }
  }

  private static func write(_ actions: [Action], to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "["))
    for (index, action) in actions.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      switch action {
      case .output(let port, Action.wholePacket):
        bytes += #"{"output":{"port":"#.utf8
        self.write(port, to: &bytes)
        bytes += "}}".utf8
      case .setField(let entry) where entry.mask == nil:
        bytes += #"{"set_field":{"#.utf8
        self.write(entry, to: &bytes)
        bytes += "}}".utf8
      default: self.writeSlowly(action, to: &bytes)
      }
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Every value of `OpenFlow` can be written.
  private static func writeSlowly(_ value: some Encodable, to bytes: inout [UInt8]) {
    ((try? JSONValue(encoding: value)) ?? .null).write(to: &bytes)
  }
}

/// A field is looked for among all that have a name, which takes longer than all else that is written of it.
private enum FieldNames {
  private static let basic: [String] = (0..<128).map { number in
    MatchField.allKnown.first { $0.oxmClass == 0x8000 && Int($0.number) == number }?.description ?? ""
  }

  static func name(of field: MatchField) -> String {
    guard field.oxmClass == 0x8000, !self.basic[Int(field.number & 127)].isEmpty else { return field.description }
    return self.basic[Int(field.number & 127)]
  }
}
