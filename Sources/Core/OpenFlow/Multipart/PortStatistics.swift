// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a port has counted (OpenFlow 1.3.5, 7.3.5.6; 1.5.1, 7.3.5). A counter that the switch does not have is
/// `unsupported`.
public struct PortStatistics: Sendable, Hashable {
  /// The port's number.
  public var port: PortNumber
  /// How long it has been there, seconds.
  public var durationSeconds: UInt32
  /// Nanoseconds beyond `durationSeconds`.
  public var durationNanoseconds: UInt32
  /// What came in by it.
  public var received: Traffic
  /// What left by it.
  public var sent: Traffic
  /// Errors of Ethernet; nil if the switch says nothing of them (possible in 1.5 only).
  public var ethernet: EthernetErrors?
  /// Properties of OpenFlow 1.5 that this module does not read (optical, experimenter), in their order. 1.3 has none.
  public var otherProperties: [RawProperty]

  /// What a counter says that the switch does not have.
  public static let unsupported: UInt64 = .max

  /// A port's counters.
  public init(
    port: PortNumber, durationSeconds: UInt32 = 0, durationNanoseconds: UInt32 = 0, received: Traffic = Traffic(),
    sent: Traffic = Traffic(), ethernet: EthernetErrors? = EthernetErrors(), otherProperties: [RawProperty] = []
  ) {
    self.port = port
    self.durationSeconds = durationSeconds
    self.durationNanoseconds = durationNanoseconds
    self.received = received
    self.sent = sent
    self.ethernet = ethernet
    self.otherProperties = otherProperties
  }

  /// Counters of one direction.
  public struct Traffic: Sendable, Hashable {
    /// Packets.
    public var packets: UInt64
    /// Bytes in those packets.
    public var bytes: UInt64
    /// Packets that were dropped.
    public var dropped: UInt64
    /// Errors of any kind.
    public var errors: UInt64

    /// Counters of one direction.
    public init(packets: UInt64 = 0, bytes: UInt64 = 0, dropped: UInt64 = 0, errors: UInt64 = 0) {
      self.packets = packets
      self.bytes = bytes
      self.dropped = dropped
      self.errors = errors
    }
  }

  /// Errors of an Ethernet port.
  public struct EthernetErrors: Sendable, Hashable {
    /// Received frames with a wrong alignment.
    public var frameErrors: UInt64
    /// Received packets that overran.
    public var overruns: UInt64
    /// Received frames with a wrong checksum.
    public var checksumErrors: UInt64
    /// Collisions.
    public var collisions: UInt64

    /// Errors of an Ethernet port.
    public init(frameErrors: UInt64 = 0, overruns: UInt64 = 0, checksumErrors: UInt64 = 0, collisions: UInt64 = 0) {
      self.frameErrors = frameErrors
      self.overruns = overruns
      self.checksumErrors = checksumErrors
      self.collisions = collisions
    }

    /// What 1.3 says of a port that is no Ethernet port.
    static let unsupported = EthernetErrors(
      frameErrors: .max, overruns: .max, checksumErrors: .max, collisions: .max)
  }
}

extension PortStatistics: FieldCodable {
  static let defaults = PortStatistics(port: 0, ethernet: nil)
  static let fields: [CodedField<PortStatistics>] = [
    .required("port_no", \.port), .field("duration_sec", \.durationSeconds),
    .field("duration_nsec", \.durationNanoseconds), .field("rx_packets", \.received.packets),
    .field("tx_packets", \.sent.packets), .field("rx_bytes", \.received.bytes), .field("tx_bytes", \.sent.bytes),
    .field("rx_dropped", \.received.dropped), .field("tx_dropped", \.sent.dropped),
    .field("rx_errors", \.received.errors), .field("tx_errors", \.sent.errors), .field("ethernet", \.ethernet),
    .field("properties", \.otherProperties),
  ]
}

extension PortStatistics.EthernetErrors: FieldCodable {
  static let defaults = PortStatistics.EthernetErrors()
  static let fields: [CodedField<PortStatistics.EthernetErrors>] = [
    .field("rx_frame_err", \.frameErrors), .field("rx_over_err", \.overruns),
    .field("rx_crc_err", \.checksumErrors), .field("collisions", \.collisions),
  ]
}
