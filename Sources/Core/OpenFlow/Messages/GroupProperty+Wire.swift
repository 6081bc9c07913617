// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension GroupProperty {
  private static let experimenterType: UInt16 = 0xffff

  /// Reads properties until nothing is left.
  static func list(reading reader: inout WireReader) throws(OpenFlowDecodingError) -> [GroupProperty] {
    var properties: [GroupProperty] = []
    while var property = try WireProperty(reading: &reader) {
      let whole = property
      if property.type == experimenterType, let method = try SelectionMethod(reading: &property.body) {
        properties.append(.selectionMethod(method))
      } else {
        property = whole
        properties.append(.unknown(property.raw()))
      }
    }
    return properties
  }

  static func write(
    _ properties: [GroupProperty], to writer: inout WireWriter, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    for property in properties {
      switch property {
      case .selectionMethod(let method):
        let start = writer.count
        writer.write(UInt32(experimenterType) << 16)
        try method.write(to: &writer, version: version)
        try writer.patchLength(at: start + 2, since: start, "selection method")
        writer.writePadding(since: start)
      case .unknown(let raw): try WireProperty.write(to: &writer, raw)
      }
    }
  }
}

extension SelectionMethod {
  /// Netronome, whose extension it is.
  private static let experimenter: UInt32 = 0x0000_154d
  private static let experimenterType: UInt32 = 1
  private static let nameWidth = 16

  /// Nil if the property is another experimenter's.
  init?(reading body: inout WireReader) throws(OpenFlowDecodingError) {
    guard body.remaining >= 8 else { return nil }
    let experimenter = try body.read(UInt32.self, "property's experimenter")
    let type = try body.read(UInt32.self, "experimenter's property type")
    guard experimenter == Self.experimenter, type == Self.experimenterType else { return nil }
    try body.skip(4)
    let name = try body.readText(width: Self.nameWidth, "selection method")
    let parameter = try body.read(UInt64.self, "selection method's parameter")
    var fields: [Field] = []
    while body.remaining > 0 {
      // What looks like a match without a mask has the mask in the place of the value.
      let entry = try MatchEntry(reading: &body)
      fields.append(Field(entry.field, mask: entry.value))
    }
    self.init(name: name, parameter: parameter, fields: fields)
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(Self.experimenter)
    writer.write(Self.experimenterType)
    writer.writeZeros(4)
    try writer.writeText(self.name, width: Self.nameWidth, "selection method")
    writer.write(self.parameter)
    for field in self.fields { try MatchEntry(field.field, field.mask).write(to: &writer, version: version) }
  }
}
