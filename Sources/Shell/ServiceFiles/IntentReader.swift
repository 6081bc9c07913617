// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Reads values out of a YAML tree and reports those that are wrong.
///
/// A function that reads a value gives nil both for one that is not there and for one that was reported: the rest of
/// the file is read all the same, so that a person learns of all mistakes at once.
struct IntentReader {
  var report: Report
  /// No key may be in the text.
  let isExposed: Bool

  /// The values of a mapping by key.
  struct Fields {
    let location: Location
    private let values: [String: YAMLValue]

    fileprivate init(location: Location, values: [String: YAMLValue]) {
      self.location = location
      self.values = values
    }

    subscript(key: String) -> YAMLValue? { self.values[key] }
  }

  /// Reads a mapping with the keys of `shape`; reports keys that are unknown, missing or without a value.
  mutating func fields(_ value: YAMLValue?, as shape: Shape) -> Fields? {
    guard let value, let entries = self.entries(value) else { return nil }
    let present = Set(entries.map(\.key.value))
    var values: [String: YAMLValue] = [:]
    for entry in entries {
      guard let key = shape.keys.first(where: { $0.name == entry.key.value }) else {
        self.reportUnknown(entry.key, in: shape, present: present)
        continue
      }
      if entry.value.isEmpty, !key.mayBeEmpty {
        self.report.add(
          .missingValue, at: entry.key.location, "'\(key.name)' of \(shape.what) has no value",
          hint: "for example '\(key.name): \(key.example)'")
      } else {
        values[key.name] = entry.value
      }
    }
    for key in shape.keys where key.isRequired && !present.contains(key.name) {
      self.report.add(
        .missingKey, at: value.location, "\(shape.what) has no '\(key.name)'",
        hint: "add for example '\(key.name): \(key.example)'")
    }
    return Fields(location: value.location, values: values)
  }

  private mutating func reportUnknown(_ key: Located<String>, in shape: Shape, present: Set<String>) {
    let message = "unknown key '\(excerpt(key.value))' in \(shape.what)"
    guard !shape.names.isEmpty else {
      return self.report.add(.unknownKey, at: key.location, message, hint: "accepted: none, as in '{}'")
    }
    self.report.add(
      .unknownKey, at: key.location, message,
      hint: hint(for: key.value, accepted: shape.names, candidates: shape.names.filter { !present.contains($0) }))
  }

  mutating func entries(_ value: YAMLValue?) -> [YAMLEntry]? {
    guard let value else { return nil }
    guard case .mapping(let entries) = value.content else {
      if value.isEmpty { return [] }
      return self.wrongType(value, expected: "a mapping", hint: "write '{key: value}', or 'key: value' lines below it")
    }
    return entries
  }

  mutating func items(_ value: YAMLValue?) -> [YAMLValue]? {
    guard let value else { return nil }
    guard case .list(let items) = value.content else {
      return self.wrongType(value, expected: "a list", hint: "write '[a, b]', or lines that begin with '- ' below it")
    }
    return items
  }

  /// The text of a scalar and whether it stands without quotes.
  mutating func scalar(_ value: YAMLValue?) -> (text: String, isPlain: Bool)? {
    guard let value else { return nil }
    guard case .scalar(let text, let isPlain) = value.content else {
      return self.wrongType(value, expected: "a plain value", hint: "write one value, without '[', '{' or '- '")
    }
    return (text, isPlain)
  }

  private mutating func wrongType<Value>(_ value: YAMLValue, expected: String, hint: String) -> Value? {
    if case .invalid = value.content { return nil }
    self.report.add(.wrongType, at: value.location, "\(value.label) is \(value.type), not \(expected)", hint: hint)
    return nil
  }
}
