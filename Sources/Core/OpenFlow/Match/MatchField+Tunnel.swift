// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Open vSwitch's fields of tunnels and of network service headers (ovs-fields(7)). All fields of tunnels are 0 for a
/// packet that came by none.
extension MatchField {
  private static func experimenter(
    _ number: UInt8, of experimenter: UInt32 = ExperimenterMessage.nicira, bits: UInt16, bytes: UInt8? = nil,
    _ format: ValueFormat,
    maskable: Bool = true, settable: Bool = true, needs prerequisite: Prerequisite = .nothing
  ) -> MatchField {
    MatchField(
      oxmClass: OXMClass.experimenter, number: number, experimenter: experimenter, bitCount: bits, byteCount: bytes,
      maskable: maskable,
      settable: settable, needs: prerequisite, format: format)
  }

  /// The experimenter of the service header's fields.
  private static let serviceHeader: UInt32 = 0x005a_d650
  /// The greatest width of tunnel metadata: that of a Geneve option.
  static let tunnelMetadataBytes = 124
  private static let firstTunnelMetadata: UInt8 = 40

  /// Outer IPv4 source address.
  public static let tunnelIPv4Source = nicira(31, bits: 32, .ipv4)
  /// Outer IPv4 destination address.
  public static let tunnelIPv4Destination = nicira(32, bits: 32, .ipv4)
  /// Outer IPv6 source address.
  public static let tunnelIPv6Source = nicira(109, bits: 128, .ipv6)
  /// Outer IPv6 destination address.
  public static let tunnelIPv6Destination = nicira(110, bits: 128, .ipv6)
  /// Bit 0: a packet of operation and maintenance.
  public static let tunnelFlags = nicira(104, bits: 1, bytes: 2, .decimal)
  /// VXLAN group policy's identifier.
  public static let tunnelPolicyID = nicira(38, bits: 16, .decimal)
  /// VXLAN group policy's flags.
  public static let tunnelPolicyFlags = nicira(39, bits: 8, .hexadecimal)
  /// ERSPAN version 1: the port.
  public static let erspanIndex = experimenter(11, bits: 20, bytes: 4, .hexadecimal)
  /// ERSPAN version.
  public static let erspanVersion = experimenter(12, bits: 4, .decimal)
  /// ERSPAN version 2: the direction.
  public static let erspanDirection = experimenter(13, bits: 1, .decimal)
  /// ERSPAN version 2: the hardware.
  public static let erspanHardwareID = experimenter(14, bits: 6, .hexadecimal)
  /// GTP-U flags.
  public static let gtpuFlags = experimenter(15, bits: 8, .hexadecimal, settable: false)
  /// GTP-U message type.
  public static let gtpuMessageType = experimenter(16, bits: 8, .decimal, settable: false)

  /// Metadata of a tunnel's header: an option that the switch was told to keep there (NXT_TLV_TABLE_MOD).
  ///
  /// - Parameters:
  ///   - number: which of them. 0 … 63
  ///   - byteCount: the option's length. 1 … 124
  /// - Precondition: both are in their ranges.
  public static func tunnelMetadata(_ number: UInt8, byteCount: Int) -> MatchField {
    precondition(number < 64, "tunnel metadata are 0 to 63, not \(number)")
    precondition((1...tunnelMetadataBytes).contains(byteCount), "tunnel metadata have 1 to 124 bytes, not \(byteCount)")
    return nicira(firstTunnelMetadata + number, bits: UInt16(8 * byteCount), .bytes)
  }

  /// Whether only the wire, or the switch's configuration, tells how wide the field is.
  var hasVariableWidth: Bool {
    self.oxmClass == OXMClass.nicira1
      && (Self.firstTunnelMetadata..<Self.firstTunnelMetadata + 64).contains(self.number)
  }

  /// Service header: flags.
  public static let nshFlags = experimenter(1, of: serviceHeader, bits: 8, .decimal, needs: .nsh)
  /// Service header: type of its metadata.
  public static let nshMetadataType = experimenter(
    2, of: serviceHeader, bits: 8, .decimal, maskable: false, settable: false, needs: .nsh)
  /// Service header: next protocol.
  public static let nshNextProtocol = experimenter(
    3, of: serviceHeader, bits: 8, .decimal, maskable: false, settable: false, needs: .nsh)
  /// Service header: path.
  public static let nshPath = experimenter(
    4, of: serviceHeader, bits: 24, bytes: 4, .hexadecimal, maskable: false, needs: .nsh)
  /// Service header: index.
  public static let nshIndex = experimenter(5, of: serviceHeader, bits: 8, .decimal, maskable: false, needs: .nsh)
  /// Service header: time to live.
  public static let nshTTL = experimenter(10, of: serviceHeader, bits: 8, .decimal, maskable: false, needs: .nsh)

  /// Service header: context.
  ///
  /// - Precondition: `number` is 1 … 4.
  public static func nshContext(_ number: UInt8) -> MatchField {
    precondition((1...4).contains(number), "contexts of a service header are 1 to 4, not \(number)")
    return experimenter(5 + number, of: serviceHeader, bits: 32, .hexadecimal, needs: .nsh)
  }

  /// These fields with the names that `ovs-ofctl` uses.
  static let tunnelFields: [NamedField] =
    [
      NamedField(tunnelIPv4Source, "tun_src"), NamedField(tunnelIPv4Destination, "tun_dst"),
      NamedField(tunnelIPv6Source, "tun_ipv6_src"), NamedField(tunnelIPv6Destination, "tun_ipv6_dst"),
      NamedField(tunnelFlags, "tun_flags"), NamedField(tunnelPolicyID, "tun_gbp_id"),
      NamedField(tunnelPolicyFlags, "tun_gbp_flags"), NamedField(erspanIndex, "tun_erspan_idx"),
      NamedField(erspanVersion, "tun_erspan_ver"), NamedField(erspanDirection, "tun_erspan_dir"),
      NamedField(erspanHardwareID, "tun_erspan_hwid"), NamedField(gtpuFlags, "tun_gtpu_flags"),
      NamedField(gtpuMessageType, "tun_gtpu_msgtype"),
    ]
    + (0..<64).map { NamedField(tunnelMetadata($0, byteCount: tunnelMetadataBytes), "tun_metadata\($0)") }
    + [
      NamedField(nshFlags, "nsh_flags"), NamedField(nshMetadataType, "nsh_mdtype"),
      NamedField(nshNextProtocol, "nsh_np"), NamedField(nshPath, "nsh_spi", "nsp"),
      NamedField(nshIndex, "nsh_si", "nsi"), NamedField(nshTTL, "nsh_ttl"),
    ] + (1...4).map { NamedField(nshContext($0), "nsh_c\($0)", "nshc\($0)") }
}
