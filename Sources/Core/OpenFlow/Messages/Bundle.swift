// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Opens, closes, commits or discards a bundle: messages that a switch takes all together or not at all
/// (OpenFlow 1.5.1, 7.3.9; in 1.3 ONF extension 230).
public struct BundleControl: Sendable, Hashable {
  /// The bundle's number, which the controller chooses.
  public var bundleID: UInt32
  /// What to do, or what was done.
  public var kind: Kind
  /// How the bundle is done; the same in all its messages.
  public var flags: BundleFlags
  /// Properties that this module does not read: the time of a scheduled commit, experimenters'.
  public var properties: [RawProperty]

  /// Controls a bundle.
  public init(bundleID: UInt32, _ kind: Kind, flags: BundleFlags = [], properties: [RawProperty] = []) {
    self.bundleID = bundleID
    self.kind = kind
    self.flags = flags
    self.properties = properties
  }

  /// OFPBCT_*
  public struct Kind: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    public let rawValue: UInt16
    /// Takes any number.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// OFPBCT_OPEN_REQUEST: begin a bundle.
    public static let openRequest = Kind(rawValue: 0)
    /// OFPBCT_OPEN_REPLY
    public static let openReply = Kind(rawValue: 1)
    /// OFPBCT_CLOSE_REQUEST: no more messages follow.
    public static let closeRequest = Kind(rawValue: 2)
    /// OFPBCT_CLOSE_REPLY
    public static let closeReply = Kind(rawValue: 3)
    /// OFPBCT_COMMIT_REQUEST: do what the bundle says.
    public static let commitRequest = Kind(rawValue: 4)
    /// OFPBCT_COMMIT_REPLY: it is done.
    public static let commitReply = Kind(rawValue: 5)
    /// OFPBCT_DISCARD_REQUEST: forget the bundle.
    public static let discardRequest = Kind(rawValue: 6)
    /// OFPBCT_DISCARD_REPLY
    public static let discardReply = Kind(rawValue: 7)
  }
}

/// Adds a message to a bundle (OpenFlow 1.5.1, 7.3.9; in 1.3 ONF extension 230). There is no reply; the message is
/// checked when it is added and done when the bundle is committed.
public struct BundleAddMessage: Sendable, Hashable {
  /// The bundle's number.
  public var bundleID: UInt32
  /// Those with which the bundle was opened.
  public var flags: BundleFlags
  /// What the added message says. It can be no message that itself holds a message.
  public var body: MessageBody
  /// The added message's transaction id; nil: that of the message that adds it, as the specification wants it.
  public var xid: UInt32?
  /// Properties that this module does not read (experimenter).
  public var properties: [RawProperty]

  /// Adds a message to a bundle.
  public init(
    bundleID: UInt32, flags: BundleFlags = [], _ body: MessageBody, xid: UInt32? = nil, properties: [RawProperty] = []
  ) {
    self.bundleID = bundleID
    self.flags = flags
    self.body = body
    self.xid = xid
    self.properties = properties
  }
}

/// OFPBF_*
public struct BundleFlags: OptionSet, Sendable, Hashable, Codable {
  /// The bits as they are on the wire.
  public let rawValue: UInt16
  /// Takes any bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  /// OFPBF_ATOMIC: packets see all of the change or nothing of it.
  public static let atomic = BundleFlags(rawValue: 1 << 0)
  /// OFPBF_ORDERED: the messages are done in the order in which they were added.
  public static let ordered = BundleFlags(rawValue: 1 << 1)
  /// OFPBF_TIME: the commit says when it shall be done (1.5; Open vSwitch does not have it).
  public static let time = BundleFlags(rawValue: 1 << 2)
}

extension BundleControl: FieldCodable {
  static let defaults = BundleControl(bundleID: 0, .openRequest)
  static let fields: [CodedField<BundleControl>] = [
    .required("bundle_id", \.bundleID), .required("type", \.kind), .field("flags", \.flags),
    .field("properties", \.properties),
  ]
}

extension BundleControl.Kind: NamedNumber {
  static let names = [
    (openRequest, "open_request"), (openReply, "open_reply"), (closeRequest, "close_request"),
    (closeReply, "close_reply"), (commitRequest, "commit_request"), (commitReply, "commit_reply"),
    (discardRequest, "discard_request"), (discardReply, "discard_reply"),
  ]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}

extension BundleAddMessage: FieldCodable {
  static let defaults = BundleAddMessage(bundleID: 0, .barrierRequest)
  static let fields: [CodedField<BundleAddMessage>] = [
    .required("bundle_id", \.bundleID), .field("flags", \.flags), .field("xid", \.xid),
    .required("message", \.body), .field("properties", \.properties),
  ]
}
