// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// The data unit of the Link Layer Discovery Protocol (IEEE 802.1AB-2016, 8 and 9): a list of type-length-value
/// elements, of which the first three and the end are mandatory.
package struct LLDPDataUnit: Sendable, Equatable {
  package static let etherType: UInt16 = 0x88cc
  /// Frames to it are not forwarded by any bridge: what hears them is the other end of the wire.
  package static let nearestBridge = MACAddress(rawValue: 0x0180_c200_000e)

  /// Chassis and port are told by a subtype, which says what kind of name it is, and 1 to 255 bytes.
  package struct Identifier: Sendable, Equatable {
    package var subtype: UInt8
    package var value: [UInt8]

    package init(subtype: UInt8, value: [UInt8]) {
      self.subtype = subtype
      self.value = value
    }
  }

  /// A name that only its giver needs to understand, as a chassis' and as a port's.
  package static let locallyAssigned: UInt8 = 7

  /// An element of an organization's own (type 127).
  package struct Extension: Sendable, Equatable {
    /// 24 bits: an OUI or CID.
    package var organization: UInt32
    package var subtype: UInt8
    /// At most 507 bytes.
    package var value: [UInt8]

    package init(organization: UInt32, subtype: UInt8, value: [UInt8]) {
      self.organization = organization
      self.subtype = subtype
      self.value = value
    }
  }

  package var chassis: Identifier
  package var port: Identifier
  /// Seconds for which what is told holds.
  package var timeToLive: UInt16
  package var extensions: [Extension]

  package init(chassis: Identifier, port: Identifier, timeToLive: UInt16, extensions: [Extension] = []) {
    self.chassis = chassis
    self.port = port
    self.timeToLive = timeToLive
    self.extensions = extensions
  }

  private enum ElementType {
    static let end: UInt8 = 0
    static let chassis: UInt8 = 1
    static let port: UInt8 = 2
    static let timeToLive: UInt8 = 3
    static let `extension`: UInt8 = 127
  }

  /// Reads the payload of a frame. Elements that are of no interest here are skipped, padding after the end too.
  ///
  /// Nil for what is truncated, lacks a mandatory element, or has them in another order.
  package init?(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    guard let chassis = Self.identifier(ElementType.chassis, &reader),
      let port = Self.identifier(ElementType.port, &reader),
      let (type, value) = Self.element(&reader), type == ElementType.timeToLive, value.count >= 2
    else { return nil }
    self.init(chassis: chassis, port: port, timeToLive: UInt16(value[0]) << 8 | UInt16(value[1]))
    while true {
      guard let (type, value) = Self.element(&reader) else { return nil }
      switch type {
      case ElementType.end: return
      // Each of these may stand there once only (9.2.7.7.1).
      case ElementType.chassis, ElementType.port, ElementType.timeToLive: return nil
      case ElementType.extension:
        guard value.count >= 4 else { return nil }
        self.extensions.append(
          Extension(
            organization: UInt32(value[0]) << 16 | UInt32(value[1]) << 8 | UInt32(value[2]), subtype: value[3],
            value: Array(value[4...])))
      default: break
      }
    }
  }

  /// The payload of a frame. What is longer than its element may be is cut.
  package var bytes: [UInt8] {
    var bytes = Self.element(ElementType.chassis, [self.chassis.subtype] + self.chassis.value.prefix(255))
    bytes += Self.element(ElementType.port, [self.port.subtype] + self.port.value.prefix(255))
    bytes += Self.element(ElementType.timeToLive, bigEndian(self.timeToLive))
    for entry in self.extensions {
      var value = Array(bigEndian(entry.organization)[1...])
      value.append(entry.subtype)
      value += entry.value.prefix(507)
      bytes += Self.element(ElementType.extension, value)
    }
    return bytes + [0, 0]
  }

  /// Type in 7 bits, length in 9.
  private static func element(_ type: UInt8, _ value: [UInt8]) -> [UInt8] {
    bigEndian(UInt16(type) << 9 | UInt16(value.count)) + value
  }

  private static func element(_ reader: inout ByteReader) -> (type: UInt8, value: [UInt8])? {
    guard let header = reader.uint16(), let value = reader.octets(Int(header & 0x1ff)) else { return nil }
    return (UInt8(header >> 9), value)
  }

  private static func identifier(_ type: UInt8, _ reader: inout ByteReader) -> Identifier? {
    guard let (found, value) = self.element(&reader), found == type, (2...256).contains(value.count) else { return nil }
    return Identifier(subtype: value[0], value: Array(value[1...]))
  }
}
