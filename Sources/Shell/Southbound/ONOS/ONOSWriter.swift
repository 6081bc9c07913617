// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import OpenFlow
package import OpenFlowText

/// What makes a flow, as ONOS's `FlowRuleCodec` reads it. What its codecs do not know is refused here.
package enum ONOSWriter {
  package struct Unsayable: Error, Sendable, Equatable {
    package var why: String
  }

  /// - Throws: what ONOS cannot be told.
  package static func write(_ mod: FlowMod, on device: String, application: String) throws(Unsayable) -> JSONValue {
    guard mod.importance == 0, mod.bufferID == nil else {
      throw Unsayable(why: "a flow with an importance, or for a packet that the switch keeps")
    }
    guard mod.idleTimeout == 0 else { throw Unsayable(why: "an idle timeout") }
    var criteria: [JSONValue] = []
    for entry in mod.match.entries { criteria.append(try self.criterion(entry)) }
    return .object([
      .init("deviceId", .string(device)), .init("appId", .string(application)),
      .init("tableId", .integer(mod.tableID)), .init("priority", .integer(mod.priority)),
      .init("isPermanent", .bool(mod.hardTimeout == 0)), .init("timeout", .integer(mod.hardTimeout)),
      .init("treatment", try self.treatment(mod.instructions)),
      .init("selector", .object([.init("criteria", .array(criteria))])),
    ])
  }

  // MARK: Criteria

  private static func criterion(_ entry: MatchEntry) throws(Unsayable) -> JSONValue {
    let name = entry.field.description
    guard let word = ONOSWords.criteria[name] else {
      throw Unsayable(why: "the field \(name), which ONOS's API does not know")
    }
    return .object([.init("type", .string(word.type)), .init(word.key, try self.value(of: entry, word.form))])
  }

  private static func value(of entry: MatchEntry, _ form: ONOSWords.Form) throws(Unsayable) -> JSONValue {
    if case .prefix(let width) = form {
      guard let length = prefixLength(entry.mask, width: width) else {
        throw Unsayable(why: "the mask of \(entry), of which ONOS knows prefixes only")
      }
      return .string("\(MatchEntry(entry.field, entry.value).text)/\(length)")
    }
    guard entry.mask == nil else { throw Unsayable(why: "a mask on \(entry.field), which ONOS does not read") }
    switch form {
    case .prefix, .address: return .string(entry.text)
    case .hexadecimal: return .string("0x\(String(entry.value, radix: 16))")
    case .number: return .integer(entry.value)
    case .vlan:
      guard entry.value & 0x1000 != 0 else { throw Unsayable(why: "packets without a VLAN tag") }
      return .integer(entry.value & 0xfff)
    }
  }

  /// Nil: the mask is none.
  private static func prefixLength(_ mask: UInt128?, width: Int) -> Int? {
    guard let mask else { return width }
    let length = mask.nonzeroBitCount
    let all: UInt128 = width == 128 ? .max : (1 << UInt128(width)) - 1
    return mask == all & ~(all >> UInt128(length)) ? length : nil
  }

  // MARK: Instructions

  private static func treatment(_ instructions: [Instruction]) throws(Unsayable) -> JSONValue {
    var immediate: [JSONValue] = []
    var deferred: [JSONValue] = []
    for instruction in instructions {
      switch instruction {
      case .applyActions(let actions): for action in actions { immediate.append(try self.action(action)) }
      case .writeActions(let actions): for action in actions { deferred.append(try self.action(action)) }
      case .gotoTable(let table): immediate.append(self.item("TABLE", [.init("tableId", .integer(table))]))
      case .meter(let meter): immediate.append(self.item("METER", [.init("meterId", .integer(meter))]))
      case .clearActions, .writeMetadata, .unknown:
        throw Unsayable(why: "the instruction \(instruction), which ONOS's API does not know")
      }
    }
    if immediate.isEmpty, deferred.isEmpty { immediate.append(self.item("NOACTION")) }
    return .object([.init("instructions", .array(immediate)), .init("deferred", .array(deferred))])
  }

  private static func item(_ type: String, _ members: [JSONValue.Member] = []) -> JSONValue {
    .object([.init("type", .string(type))] + members)
  }

  private static func action(_ action: Action) throws(Unsayable) -> JSONValue {
    func change(_ layer: Int, _ subtype: String, _ members: [JSONValue.Member] = []) -> JSONValue {
      self.item("L\(layer)MODIFICATION", [.init("subtype", .string(subtype))] + members)
    }
    switch action {
    case .output(let port, _): return self.item("OUTPUT", [.init("port", .string(ONOSWords.text(of: port)))])
    case .group(let group): return self.item("GROUP", [.init("groupId", .integer(group.rawValue))])
    case .setQueue(let queue): return self.item("QUEUE", [.init("queueId", .integer(queue))])
    case .setField(let entry) where entry.mask == nil:
      guard let word = ONOSWords.changes[entry.field.description] else {
        throw Unsayable(why: "setting the field \(entry.field), which ONOS's API does not know")
      }
      return change(word.layer, word.subtype, [.init(word.key, try self.value(of: entry, word.form))])
    case .pushVLAN(let ethernetType):
      return change(2, "VLAN_PUSH", [.init("ethernetType", .string("0x\(String(ethernetType, radix: 16))"))])
    case .popVLAN: return change(2, "VLAN_POP")
    case .decrementTTL: return change(3, "DEC_TTL")
    case .copyTTLIn: return change(3, "TTL_IN")
    case .copyTTLOut: return change(3, "TTL_OUT")
    default: throw Unsayable(why: "the action \(action), which ONOS's API does not know")
    }
  }
}
