// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Sends a share of the packets to IPFIX collectors (ovs-actions(7), "sample").
public struct SampleAction: Sendable, Hashable {
  /// The share of the packets, of 65,535. 1 …
  public var probability: UInt16
  /// The set of collectors, as the switch's database knows it.
  public var collectorSetID: UInt32
  /// The observation domain that the records name.
  public var observationDomainID: UInt32
  /// The observation point that the records name.
  public var observationPointID: UInt32
  /// The port at which the packet is seen; nil: none in particular.
  public var port: PortNumber?
  /// On its way in or out there; nil: as it happens.
  public var direction: Direction?

  /// Samples packets.
  public init(
    probability: UInt16, collectorSetID: UInt32 = 0, observationDomainID: UInt32 = 0, observationPointID: UInt32 = 0,
    port: PortNumber? = nil, direction: Direction? = nil
  ) {
    self.probability = probability
    self.collectorSetID = collectorSetID
    self.observationDomainID = observationDomainID
    self.observationPointID = observationPointID
    self.port = port
    self.direction = direction
  }

  /// NX_ACTION_SAMPLE_*
  public enum Direction: UInt8, Sendable, Hashable, CaseIterable {
    /// Into the switch.
    case ingress = 1
    /// Out of the switch.
    case egress = 2
  }
}

/// NXAST_SAMPLE where it suffices, NXAST_SAMPLE2 with a port, NXAST_SAMPLE3 with a direction too.
extension SampleAction {
  /// OFPP_NONE of OpenFlow 1.0
  private static let noPort: UInt16 = 0xffff

  init(reading body: inout WireReader, subtype: UInt16) throws(OpenFlowDecodingError) {
    self.init(probability: try body.read(UInt16.self, "sample's probability"))
    self.collectorSetID = try body.read(UInt32.self, "sample's collectors")
    self.observationDomainID = try body.read(UInt32.self, "sample's observation domain")
    self.observationPointID = try body.read(UInt32.self, "sample's observation point")
    guard subtype != NiciraActionType.sample else { return }
    let port = try body.read(UInt16.self, "sample's port")
    self.port = port == Self.noPort ? nil : PortNumber(legacy: port)
    let offset = body.offset
    let direction = try body.read(UInt8.self, "sample's direction")
    if subtype == NiciraActionType.sample3, direction != 0 {
      guard let known = Direction(rawValue: direction) else {
        throw .badValue(what: "sample's direction", offset: offset, value: UInt64(direction), accepted: "0 to 2")
      }
      self.direction = known
    }
    try body.skip(5)
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    guard self.probability > 0 else {
      throw .invalid(what: "sample", problem: "has a probability of 0, but it must be 1 to 65535")
    }
    let isLong = self.port != nil || self.direction != nil
    let subtype =
      if self.direction != nil { NiciraActionType.sample3 } else if isLong { NiciraActionType.sample2 } else {
        NiciraActionType.sample
      }
    Action.writeNiciraHeader(to: &writer, subtype: subtype, length: isLong ? 32 : 24)
    writer.write(self.probability)
    writer.write(self.collectorSetID)
    writer.write(self.observationDomainID)
    writer.write(self.observationPointID)
    guard isLong else { return }
    writer.write(try self.port?.legacy("sample") ?? Self.noPort)
    writer.write(self.direction?.rawValue ?? 0)
    writer.writeZeros(5)
  }
}

extension SampleAction.Direction: NamedNumber {
  static let names = [(ingress, "ingress"), (egress, "egress")]
}
