// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// A file without what is one controller's own.
enum SharedText {
  /// The lines of `controller` are left empty, so that what is said of other lines stays true. In a file that is written
  /// in braces `controller` stays; nobody goes by it there.
  static func make(of text: String, _ root: YAMLValue) -> String {
    guard case .mapping(let entries) = root.content,
      let own = entries.firstIndex(where: { $0.key.value == "controller" }),
      entries.allSatisfy({ $0.key.location.column == 1 })
    else { return text }
    var lines = text.utf8.split(separator: newline, omittingEmptySubsequences: false)
    let first = entries[own].key.location.line - 1
    var end = own + 1 < entries.count ? entries[own + 1].key.location.line - 1 : lines.count
    guard first < end, end <= lines.count else { return text }
    // A comment above the next key belongs to that.
    while end > first + 1, lines[end - 1].first.map({ $0 == UInt8(ascii: "#") }) ?? true { end -= 1 }
    for index in first..<end { lines[index] = "".utf8[...] }
    return String(decoding: Array(lines.joined(separator: [newline])), as: UTF8.self)
  }
}

private let newline = UInt8(ascii: "\n")

extension ServiceFile {
  /// What stands for a key in a text that is shown.
  package static let hiddenKey = "NOT-SHOWN"

  /// `sharedText`, with `hiddenKey` for each key that is in it.
  package var shownText: String {
    var lines = self.sharedText.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for region in self.intent.regions {
      guard case .text(let location)? = self.keySources[region.name] else { continue }
      guard hide(region.key, at: location, in: &lines) else { return self.renderedText }
    }
    // Those of what is not shared.
    let text = lines.drop { $0.allSatisfy { $0 == " " || $0 == "\r" } }.joined(separator: "\n")
    // It may be in a comment, too.
    let searched = text.lowercased()
    return self.intent.regions.contains { searched.contains($0.key.hexadecimal) } ? self.renderedText : text
  }

  /// Written anew, which never writes keys.
  private var renderedText: String {
    var paths: [RegionName: String] = [:]
    for case (let name, .file(let path)) in self.keySources { paths[name] = path }
    return ServiceFile.renderShared(self.intent, keyFiles: paths)
  }
}

/// - Returns: whether the key stands there as it is.
private func hide(_ key: RegionKey, at location: Location, in lines: inout [String]) -> Bool {
  guard lines.indices.contains(location.line - 1) else { return false }
  let scalars = Array(lines[location.line - 1].unicodeScalars)
  var start = location.column - 1
  if start < scalars.count, scalars[start] == "'" || scalars[start] == "\"" { start += 1 }
  let end = start + RegionKey.length * 2
  guard end <= scalars.count else { return false }
  var text = String.UnicodeScalarView()
  text.append(contentsOf: scalars[start..<end])
  guard String(text).lowercased() == key.hexadecimal else { return false }
  var line = String.UnicodeScalarView()
  line.append(contentsOf: scalars[..<start])
  line.append(contentsOf: ServiceFile.hiddenKey.unicodeScalars)
  line.append(contentsOf: scalars[end...])
  lines[location.line - 1] = String(line)
  return true
}

extension RegionKey {
  fileprivate var hexadecimal: String {
    self.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
