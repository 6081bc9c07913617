// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What one side could not do with a message of the other (OpenFlow 1.3.5, 7.5.4).
public struct ErrorMessage: Sendable, Hashable {
  /// OFPET_*; see `name`.
  public var type: UInt16
  /// The code, whose meaning depends on the type. For an experimenter's error: its own type.
  public var code: UInt16
  /// Whose error it is, if `type` is `experimenterType`; else nil.
  public var experimenter: UInt32?
  /// The first bytes (64 or more, if it had them) of the offending message; for a failed hello: a text.
  public var data: [UInt8]

  /// OFPET_EXPERIMENTER
  public static let experimenterType: UInt16 = 0xffff

  /// An error of the protocol itself.
  public init(type: UInt16, code: UInt16, data: [UInt8] = []) {
    self.type = type
    self.code = code
    self.experimenter = nil
    self.data = data
  }

  /// An error that an experimenter defined.
  public init(experimenter: UInt32, code: UInt16, data: [UInt8] = []) {
    self.type = Self.experimenterType
    self.code = code
    self.experimenter = experimenter
    self.data = data
  }
}

extension ErrorMessage {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.type = try reader.read(UInt16.self, "error type")
    self.code = try reader.read(UInt16.self, "error code")
    self.experimenter =
      self.type == Self.experimenterType ? try reader.read(UInt32.self, "error's experimenter") : nil
    self.data = reader.readRest()
  }

  func write(to writer: inout WireWriter) {
    writer.write(self.type)
    writer.write(self.code)
    if self.type == Self.experimenterType { writer.write(self.experimenter ?? 0) }
    writer.writeBytes(self.data)
  }
}

extension ErrorMessage: CustomStringConvertible {
  /// The error's name in the specification, or its numbers if it has none here.
  public var name: String {
    if let entry = self.entry { return entry.name }
    let numbers = "error of type \(self.type), code \(self.code)"
    return self.experimenter.map { "\(numbers), experimenter 0x\(String($0, radix: 16))" } ?? numbers
  }

  /// What the error means, in a sentence; nil if it has no name here.
  public var meaning: String? { self.entry?.meaning }

  /// The name and what it means.
  public var description: String { self.meaning.map { "\(self.name): \($0)" } ?? self.name }

  private var entry: ErrorCatalogue.Entry? {
    if let experimenter {
      ErrorCatalogue.entry(experimenter: experimenter, code: self.code)
    } else {
      ErrorCatalogue.entry(type: self.type, code: self.code)
    }
  }
}
