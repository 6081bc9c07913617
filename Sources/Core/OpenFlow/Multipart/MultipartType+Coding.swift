// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension MultipartType {
  /// 1.5's names without OFPMP_; a name's place in the list is its number.
  private static let names = [
    "desc", "flow_desc", "aggregate_stats", "table_stats", "port_stats", "queue_stats", "group_stats", "group_desc",
    "group_features", "meter_stats", "meter_desc", "meter_features", "table_features", "port_desc", "table_desc",
    "queue_desc", "flow_monitor", "flow_stats",
  ]
  private static let experimenterName = "experimenter"

  /// The names that 1.3 has for some of them.
  private static let olderNames = [
    ("flow", flows), ("aggregate", aggregate), ("table", tableStatistics), ("queue", queueStatistics),
    ("group", groupStatistics), ("meter", meterStatistics), ("meter_config", meterConfigurations),
  ]

  static let acceptedNames = "one of " + (names + [experimenterName]).joined(separator: ", ")

  /// The name of a type that this module reads; for others the number.
  static func name(_ type: UInt16) -> String {
    if type == self.experimenter { return self.experimenterName }
    return type < self.names.count ? self.names[Int(type)] : "\(type)"
  }

  /// The number of a type by its name; nil if there is none.
  static func number(_ name: String) -> UInt16? {
    if name == self.experimenterName { return self.experimenter }
    if let index = self.names.firstIndex(of: name) { return UInt16(index) }
    return self.olderNames.first { $0.0 == name }?.1
  }
}

extension KeyedDecodingContainer where Key == FieldName {
  /// Whether `flags` says that more parts follow.
  func multipartMore() throws -> Bool {
    let flags = FieldName("flags")
    guard self.contains(flags) else { return false }
    switch try self.decode(UInt16.self, forKey: flags) {
    case 0: return false
    case MultipartType.moreFlag: return true
    case let other:
      throw DecodingError.dataCorruptedError(
        forKey: flags, in: self, debugDescription: "\(other) is neither 0 nor 1 (more parts follow)")
    }
  }
}

extension KeyedEncodingContainer where Key == FieldName {
  mutating func putMultipartMore(_ more: Bool) throws {
    if more { try self.encode(MultipartType.moreFlag, forKey: FieldName("flags")) }
  }
}
