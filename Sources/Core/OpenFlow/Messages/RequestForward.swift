// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Tells a controller what another one asked of the switch (OpenFlow 1.5.1, 7.4.6; in 1.3 ONF extension 235): a
/// GROUP_MOD or a METER_MOD that was done.
public struct RequestForward: Sendable, Hashable {
  /// The request, with the transaction id that the other controller gave it. It can be no message that itself holds
  /// a message.
  public var request: Message

  /// Tells a request.
  public init(request: Message) { self.request = request }
}

extension RequestForward {
  /// - Parameter isEnclosed: the message that this one is the body of stands within another one.
  init(
    reading reader: inout WireReader, version: ProtocolVersion, isEnclosed: Bool
  ) throws(OpenFlowDecodingError) {
    self.request = try Message(readingEnclosedIn: &reader, version: version, isEnclosed: isEnclosed)
    try reader.expectEnd("forwarded request")
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    try self.request.writeEnclosed(to: &writer, version: version)
  }
}

extension RequestForward: FieldCodable {
  static let defaults = RequestForward(request: Message(xid: 0, .barrierRequest))
  static let fields: [CodedField<RequestForward>] = [.required("request", \.request)]
}
