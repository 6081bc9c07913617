// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The first message on a connection: which versions its sender speaks (OpenFlow 1.3.5, 7.5.1).
public struct Hello: Sendable, Hashable {
  /// The version in the message's header: the highest one that the sender speaks.
  public var headerVersion: UInt8
  /// The versions that the sender speaks; nil if it did not say.
  public var bitmap: VersionBitmap?
  /// Elements of other kinds, which the specification does not have yet and has everybody pass over.
  public var otherElements: [RawProperty]

  /// Says what a peer said.
  public init(headerVersion: UInt8, bitmap: VersionBitmap?, otherElements: [RawProperty] = []) {
    self.headerVersion = headerVersion
    self.bitmap = bitmap
    self.otherElements = otherElements
  }

  /// Offers `versions`. An empty list offers nothing that a peer could take.
  public init(offering versions: [ProtocolVersion]) {
    self.headerVersion = versions.max()?.rawValue ?? 0
    self.bitmap = VersionBitmap(versions)
    self.otherElements = []
  }

  /// The version that both sides of a connection take, as each computes it from both hellos (OpenFlow 1.3.5, 6.3.1):
  /// the highest common one if both sent bitmaps, else the lower one of the headers. Nil: there is none.
  public func negotiated(with peer: Hello) -> ProtocolVersion? {
    if let mine = self.bitmap, let theirs = peer.bitmap {
      return ProtocolVersion.allCases.filter { mine.contains($0) && theirs.contains($0) }.max()
    }
    guard let version = ProtocolVersion(rawValue: min(self.headerVersion, peer.headerVersion)) else { return nil }
    // The side that sent a bitmap may not speak all versions below the one in its header.
    guard self.bitmap?.contains(version) ?? true, peer.bitmap?.contains(version) ?? true else { return nil }
    return version
  }
}

/// A set of protocol versions 0 … 31; bit n stands for version n. No version above 31 has been given out.
public struct VersionBitmap: OptionSet, Sendable, Hashable {
  /// The first word of the element's bitmaps.
  public let rawValue: UInt32
  /// Takes any bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The set of `versions`.
  public init(_ versions: [ProtocolVersion]) {
    self.rawValue = versions.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
  }

  /// Whether `version` is in the set.
  public func contains(_ version: ProtocolVersion) -> Bool { self.rawValue & 1 << UInt32(version.rawValue) != 0 }
}

/// The header is followed by elements (type, length, body, padding), of which there is one kind: the bitmap of
/// versions. Fewer bytes than an element needs are passed over.
extension Hello {
  private static let bitmapElement: UInt16 = 1

  init(reading reader: inout WireReader, headerVersion: UInt8) throws(OpenFlowDecodingError) {
    self.init(headerVersion: headerVersion, bitmap: nil)
    while reader.remaining >= 4, var element = try WireProperty(reading: &reader) {
      if element.type == Self.bitmapElement, self.bitmap == nil {
        self.bitmap = VersionBitmap(rawValue: try element.body.read(UInt32.self, "version bitmap"))
      } else {
        self.otherElements.append(element.raw())
      }
    }
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    if let bitmap { WireProperty.write(to: &writer, type: Self.bitmapElement, bitmap.rawValue) }
    for element in self.otherElements { try WireProperty.write(to: &writer, element) }
  }
}

extension Hello: FieldCodable {
  static let defaults = Hello(headerVersion: 0, bitmap: nil)
  static let fields: [CodedField<Hello>] = [
    .required("version", \.headerVersion), .field("version_bitmap", \.bitmap), .field("elements", \.otherElements),
  ]
}

extension VersionBitmap: Codable {}
