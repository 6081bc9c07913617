// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A value of a YAML file and where it stands. All scalars are text: what a text means depends on its key.
struct YAMLValue {
  /// What messages call it: `'port'`, or `an item of 'members'`.
  var label: String
  var location: Location
  var content: Content

  indirect enum Content {
    /// - Parameter isPlain: without quotes.
    case scalar(String, isPlain: Bool)
    case list([YAMLValue])
    /// In the order of the file, each key once.
    case mapping([YAMLEntry])
    /// Reported already.
    case invalid
  }

  /// `key:` with nothing behind it.
  var isEmpty: Bool {
    if case .scalar("", isPlain: true) = self.content { true } else { false }
  }

  /// With its article.
  var type: String {
    switch self.content {
    case .scalar("", isPlain: true): "nothing"
    case .scalar: "a plain value"
    case .list: "a list"
    case .mapping: "a mapping"
    case .invalid: "no value"
    }
  }
}

struct YAMLEntry {
  var key: Located<String>
  var value: YAMLValue
}
