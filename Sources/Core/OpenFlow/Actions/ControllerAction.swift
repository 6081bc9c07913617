// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Sends a packet to a controller (ovs-actions(7), "controller").
public struct ControllerAction: Sendable, Hashable {
  /// How many bytes of the packet go; `Action.wholePacket`: all.
  public var maxLength: UInt16
  /// The controllers that gave themselves this id (NXT_SET_CONTROLLER_ID).
  public var controllerID: UInt16
  /// The reason that the PACKET_IN has.
  public var reason: PacketIn.Reason
  /// Bytes that the PACKET_IN returns (only in Open vSwitch's own form, NXT_PACKET_IN2).
  public var userData: [UInt8]
  /// Whether the controller may let the packet go on where it was (NXT_RESUME).
  public var pause: Bool
  /// The meter that limits how many packets go; nil: none.
  public var meter: UInt32?

  /// Sends packets to a controller.
  public init(
    maxLength: UInt16 = Action.wholePacket, controllerID: UInt16 = 0, reason: PacketIn.Reason = .action,
    userData: [UInt8] = [], pause: Bool = false, meter: UInt32? = nil
  ) {
    self.maxLength = maxLength
    self.controllerID = controllerID
    self.reason = reason
    self.userData = userData
    self.pause = pause
    self.meter = meter
  }
}

/// NXAST_CONTROLLER where it suffices, NXAST_CONTROLLER2, which has properties, otherwise.
extension ControllerAction {
  /// NXAC2PT_*
  private enum Property {
    static let maxLength: UInt16 = 0
    static let controllerID: UInt16 = 1
    static let reason: UInt16 = 2
    static let userData: UInt16 = 3
    static let pause: UInt16 = 4
    static let meter: UInt16 = 5
  }

  /// NX_CTLR_NO_METER
  private static let noMeter: UInt32 = 0xffff_ffff

  init(reading body: inout WireReader) throws(OpenFlowDecodingError) {
    self.init()
    self.maxLength = try body.read(UInt16.self, "controller's length")
    self.controllerID = try body.read(UInt16.self, "controller's id")
    self.reason = PacketIn.Reason(rawValue: try body.read(UInt8.self, "controller's reason"))
    try body.skip(1)
  }

  init(readingProperties body: inout WireReader) throws(OpenFlowDecodingError) {
    self.init()
    try body.skip(6)
    while var property = try WireProperty(reading: &body) {
      switch property.type {
      case Property.maxLength: self.maxLength = try property.body.read(UInt16.self, "controller's length")
      case Property.controllerID: self.controllerID = try property.body.read(UInt16.self, "controller's id")
      case Property.reason:
        self.reason = PacketIn.Reason(rawValue: try property.body.read(UInt8.self, "controller's reason"))
      case Property.userData: self.userData = property.body.readRest()
      case Property.pause: self.pause = true
      case Property.meter:
        let meter = try property.body.read(UInt32.self, "controller's meter")
        self.meter = meter == Self.noMeter ? nil : meter
      default: throw property.unknown("controller's property", accepted: "0 to 5")
      }
      // Properties of 16 bits have two bytes of padding after them.
    }
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    guard !self.userData.isEmpty || self.pause || self.meter != nil else {
      Action.writeNiciraHeader(to: &writer, subtype: NiciraActionType.controller, length: 16)
      writer.write(self.maxLength)
      writer.write(self.controllerID)
      writer.write(self.reason.rawValue)
      writer.writeZeros(1)
      return
    }
    guard self.meter != Self.noMeter else {
      throw .invalid(what: "controller", problem: "has the meter 0xffffffff, which stands for none")
    }
    let start = writer.count
    Action.writeNiciraHeader(to: &writer, subtype: NiciraActionType.controller2)
    writer.writeZeros(6)
    if self.maxLength != Action.wholePacket {
      WireProperty.write(to: &writer, type: Property.maxLength, self.maxLength)
    }
    if self.controllerID != 0 { WireProperty.write(to: &writer, type: Property.controllerID, self.controllerID) }
    if self.reason != .action { WireProperty.write(to: &writer, type: Property.reason, self.reason.rawValue) }
    if !self.userData.isEmpty {
      try WireProperty.write(to: &writer, RawProperty(type: Property.userData, body: self.userData))
    }
    if self.pause { try WireProperty.write(to: &writer, RawProperty(type: Property.pause, body: [])) }
    if let meter { WireProperty.write(to: &writer, type: Property.meter, meter) }
    try writer.patchLength(at: start + 2, since: start, "controller")
  }
}
