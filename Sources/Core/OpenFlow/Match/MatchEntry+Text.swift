// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A condition's value as people write it. What `valueText` writes, `init(_:text:)` reads.
extension MatchEntry {
  /// `value` or `value/mask`
  var valueText: String {
    switch self.field.format {
    case .conntrackState: if let text = self.conntrackStatesText { return text }
    case .fragment: if let text = self.fragmentText { return text }
    case .bytes:
      let text = Hexadecimal.string(self.bytes)
      return self.maskBytes.map { "\(text)/\(Hexadecimal.string($0))" } ?? text
    default: break
    }
    let text = self.field.format.text(self.value, masked: self.mask != nil)
    return self.mask.map { "\(text)/\(self.field.format.text($0, masked: true))" } ?? text
  }

  /// Reads a value, and a mask if there is one; nil if the field cannot have them.
  init?(_ field: MatchField, text: String) {
    switch field.format {
    case .conntrackState where text.hasPrefix("+") || text.hasPrefix("-"): self.init(conntrackStates: text)
    case .fragment where Self.fragments[text] != nil: self.init(fragment: text)
    case .bytes: self.init(field, hexadecimal: text)
    default:
      let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard let value = field.format.value(parts[0]), value & ~field.fullMask == 0 else { return nil }
      guard parts.count == 2 else {
        self.init(field, value)
        return
      }
      guard let mask = field.format.mask(parts[1], bitCount: field.bitCount), mask & ~field.fullMask == 0,
        field.maskable || mask == field.fullMask
      else { return nil }
      self.init(field, value, mask: mask)
    }
  }

  /// Reads bytes, and as many of a mask; where a field may have several widths, they say which.
  private init?(_ field: MatchField, hexadecimal text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let bytes = Hexadecimal.bytes(parts[0]), let field = field.with(byteCount: bytes.count) else { return nil }
    guard parts.count == 2 else {
      self.init(field, bytes: bytes)
      return
    }
    guard let mask = Hexadecimal.bytes(parts[1]) else { return nil }
    self.init(field, bytes: bytes, mask: mask)
  }

  // ip_frag

  private static let fragments: [String: (value: UInt128, mask: UInt128)] = [
    "no": (0, 3), "yes": (1, 1), "first": (1, 3), "later": (3, 3), "not_later": (0, 2),
  ]

  private init?(fragment text: String) {
    guard let known = Self.fragments[text] else { return nil }
    self.init(.ipFragment, known.value, mask: known.mask)
  }

  private var fragmentText: String? {
    switch (self.value, self.mask ?? 3) {
    case (0, 3): "no"
    case (1, 1): "yes"
    case (1, 3): "first"
    case (3, 3): "later"
    case (0, 2): "not_later"
    default: nil
    }
  }

  // ct_state

  /// `+new-rpl+trk`; nil if the mask has states without a name, or none at all.
  private var conntrackStatesText: String? {
    let mask = ConntrackState(rawValue: UInt32(truncatingIfNeeded: self.mask ?? self.field.fullMask))
    let value = ConntrackState(rawValue: UInt32(truncatingIfNeeded: self.value))
    guard !mask.isEmpty, mask.isSubset(of: .named) else { return nil }
    return ConntrackState.names.filter { mask.contains($0.state) }
      .map { (value.contains($0.state) ? "+" : "-") + $0.name }.joined()
  }

  private init?(conntrackStates text: String) {
    var rest = text[...]
    var value: ConntrackState = []
    var mask: ConntrackState = []
    while let sign = rest.popFirst() {
      guard sign == "+" || sign == "-" else { return nil }
      let name = rest.prefix { $0 != "+" && $0 != "-" }
      guard let state = ConntrackState.names.first(where: { $0.name == name })?.state, !mask.contains(state) else {
        return nil
      }
      mask.insert(state)
      if sign == "+" { value.insert(state) }
      rest = rest[name.endIndex...]
    }
    self = .conntrackState(value, mask: mask)
  }
}

extension ConntrackState: CustomStringConvertible {
  static let names: [(state: ConntrackState, name: String)] = [
    (.new, "new"), (.established, "est"), (.related, "rel"), (.reply, "rpl"), (.invalid, "inv"), (.tracked, "trk"),
    (.sourceNAT, "snat"), (.destinationNAT, "dnat"),
  ]
  static let named = ConntrackState(rawValue: 0xff)

  /// The names of the states, as in `new|trk`.
  public var description: String {
    Self.names.filter { self.contains($0.state) }.map(\.name).joined(separator: "|")
  }
}

extension MatchEntry: CustomStringConvertible {
  /// `field=value` or `field=value/mask`, the value as people write it.
  public var description: String { "\(self.field)=\(self.valueText)" }
}

extension Match: CustomStringConvertible {
  /// The conditions in the style of `ovs-ofctl`, `any` if there are none.
  public var description: String {
    self.entries.isEmpty ? "any" : self.entries.map(\.description).joined(separator: ",")
  }
}
