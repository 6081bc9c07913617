// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// What becomes different when one configuration takes another's place: a thing that comes, goes, or is changed.
package struct ConfigurationDifference: Sendable, Equatable {
  package enum Kind: String, Sendable { case added, removed, changed }

  package var kind: Kind
  /// `service web`, `region lisbon`, `switch edge`, or `detection`.
  package var subject: String
  /// Of a changed thing: the lines that go, with `-`, and those that come, with `+`, as `ServiceFile.render` writes them.
  package var lines: [String]

  package init(kind: Kind, subject: String, lines: [String] = []) {
    self.kind = kind
    self.subject = subject
    self.lines = lines
  }
}

extension ServiceFile {
  /// In the order of the new configuration; of one kind what is removed comes last.
  package static func differences(from old: Intent, to new: Intent) -> [ConfigurationDifference] {
    var all: [ConfigurationDifference] = []
    if old.detection != new.detection {
      all.append(changed("detection", RenderedLines.of(old.detection), RenderedLines.of(new.detection)))
    }
    all += compare("region", old.regions, new.regions, \.name.text) { before, after in
      let key = before.key == after.key ? [] : ["key: another one"]
      return changed("region \(after.name)", RenderedLines.of(before), RenderedLines.of(after) + key)
    }
    all += compare("switch", old.switches, new.switches, \.name.text) { before, after in
      changed("switch \(after.name)", RenderedLines.of(before), RenderedLines.of(after))
    }
    all += compare("service", old.services, new.services, \.name.text) { before, after in
      changed("service \(after.name)", RenderedLines.of(before), RenderedLines.of(after))
    }
    let (before, after) = (old.regions.map(\.name.text), new.regions.map(\.name.text))
    if before != after, Set(before) == Set(after) {
      all.append(changed("order of regions", [before.joined(separator: ", ")], [after.joined(separator: ", ")]))
    }
    return all
  }
}

private func compare<Item: Equatable>(
  _ word: String, _ old: [Item], _ new: [Item], _ name: (Item) -> String,
  _ change: (Item, Item) -> ConfigurationDifference
) -> [ConfigurationDifference] {
  let known = Dictionary(old.map { (name($0), $0) }, uniquingKeysWith: { first, _ in first })
  let names = Set(new.map(name))
  var all: [ConfigurationDifference] = []
  for item in new {
    if let before = known[name(item)] {
      if before != item { all.append(change(before, item)) }
    } else {
      all.append(ConfigurationDifference(kind: .added, subject: "\(word) \(name(item))"))
    }
  }
  for item in old where !names.contains(name(item)) {
    all.append(ConfigurationDifference(kind: .removed, subject: "\(word) \(name(item))"))
  }
  return all
}

/// Those lines that only one of the two has.
private func changed(_ subject: String, _ old: [String], _ new: [String]) -> ConfigurationDifference {
  let difference = new.difference(from: old)
  var lines: [String] = []
  for case .remove(_, let line, _) in difference.removals { lines.append("- " + trimmed(line)) }
  for case .insert(_, let line, _) in difference.insertions { lines.append("+ " + trimmed(line)) }
  return ConfigurationDifference(kind: .changed, subject: subject, lines: lines)
}

private func trimmed(_ line: String) -> Substring { line.drop { $0 == " " } }
