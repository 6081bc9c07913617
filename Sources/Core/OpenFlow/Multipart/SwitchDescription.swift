// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Who made a switch (OpenFlow 1.3.5, 7.3.5.1).
public struct SwitchDescription: Sendable, Hashable {
  /// Manufacturer, at most 255 bytes.
  public var manufacturer: String
  /// Hardware, at most 255 bytes.
  public var hardware: String
  /// Software, at most 255 bytes.
  public var software: String
  /// Serial number, at most 31 bytes.
  public var serialNumber: String
  /// A name for people, at most 255 bytes.
  public var datapath: String

  /// Describes a switch.
  public init(manufacturer: String, hardware: String, software: String, serialNumber: String, datapath: String) {
    self.manufacturer = manufacturer
    self.hardware = hardware
    self.software = software
    self.serialNumber = serialNumber
    self.datapath = datapath
  }
}

extension SwitchDescription {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.manufacturer = try reader.readText(width: 256, "manufacturer")
    self.hardware = try reader.readText(width: 256, "hardware")
    self.software = try reader.readText(width: 256, "software")
    self.serialNumber = try reader.readText(width: 32, "serial number")
    self.datapath = try reader.readText(width: 256, "datapath")
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    try writer.writeText(self.manufacturer, width: 256, "manufacturer")
    try writer.writeText(self.hardware, width: 256, "hardware")
    try writer.writeText(self.software, width: 256, "software")
    try writer.writeText(self.serialNumber, width: 32, "serial number")
    try writer.writeText(self.datapath, width: 256, "datapath")
  }
}

extension SwitchDescription: FieldCodable {
  static let defaults = SwitchDescription(manufacturer: "", hardware: "", software: "", serialNumber: "", datapath: "")
  static let fields: [CodedField<SwitchDescription>] = [
    .field("mfr_desc", \.manufacturer), .field("hw_desc", \.hardware), .field("sw_desc", \.software),
    .field("serial_num", \.serialNumber), .field("dp_desc", \.datapath),
  ]
}
