// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Yams

/// Makes a tree of values from a text: the only file that knows the YAML library.
struct YAMLComposer {
  /// Lists and mappings in each other; the deepest value of a correct file is at 6.
  private static let depthLimit = 16

  private var report: Report
  private var text: String
  /// What stands where a placeholder is.
  private var originals: [Unicode.Scalar: Unicode.Scalar] = [Placeholder.asterisk: "*"]

  private init(_ text: String, report: Report) {
    self.report = report
    self.text = replacing("*", by: Placeholder.asterisk, in: text)
  }

  /// The root of the only document; nil after an error.
  static func compose(_ text: String, into report: inout Report) -> YAMLValue? {
    var composer = YAMLComposer(text, report: report)
    let root = composer.root()
    report = composer.report
    return root
  }

  private mutating func root() -> YAMLValue? {
    do {
      // The parser alone keeps anchors alive; nodes refer to them weakly.
      let (parser, node) = try self.parse()
      return withExtendedLifetime(parser) {
        guard let node else {
          self.report.add(
            .emptyFile, at: .start, "the file has no content",
            hint: "a file without services says so: 'regions: []', 'switches: []', 'services: []'")
          return nil
        }
        return self.value(node, label: "the file", depth: 1)
      }
    } catch {
      self.add(error)
      return nil
    }
  }

  /// Parses again and again until no mapping has a key twice.
  private mutating func parse() throws -> (Parser, Node?) {
    for placeholder in Placeholder.duplicates {
      do {
        return try self.parseOnce()
      } catch YamlError.duplicatedKeysInMapping(_, let context) where self.mask(context.mark, by: placeholder) {
        continue
      }
    }
    return try self.parseOnce()
  }

  private func parseOnce() throws -> (Parser, Node?) {
    // `.basic` leaves all scalars text. The encoding is given, since the default depends on the environment.
    let parser = try Parser(yaml: self.text, resolver: .basic, encoding: .utf8)
    return (parser, try parser.singleRoot())
  }

  /// Puts a placeholder in place of the first character of the key at `mark`; false if the key has none.
  private mutating func mask(_ mark: Mark, by placeholder: Unicode.Scalar) -> Bool {
    var scalars = self.text.unicodeScalars
    guard var index = position(of: mark, in: scalars) else { return false }
    if scalars[index] == "\"" || scalars[index] == "'" { scalars.formIndex(after: &index) }
    guard index < scalars.endIndex, canBeMasked(scalars[index]) else { return false }
    self.originals[placeholder] = scalars[index]
    scalars.replaceSubrange(index...index, with: [placeholder])
    self.text = String(scalars)
    return true
  }
}

// MARK: The tree

extension YAMLComposer {
  private mutating func value(_ node: Node, label: String, depth: Int) -> YAMLValue {
    let location = Location(node.mark)
    return YAMLValue(
      label: label, location: location, content: self.content(node, label: label, location: location, depth: depth))
  }

  private mutating func content(_ node: Node, label: String, location: Location, depth: Int) -> YAMLValue.Content {
    guard depth <= Self.depthLimit else {
      self.report.add(
        .tooDeep, at: location, "\(label) is in more than \(Self.depthLimit) lists and mappings",
        hint: "accepted: at most \(Self.depthLimit) levels")
      return .invalid
    }
    guard node.anchor == nil else { return self.refuseAlias(at: location) }
    guard isOrdinary(node.tag) else {
      self.report.add(
        .tag, at: location, "\(label) has the tag '\(excerpt(node.tag.rawValue))'",
        hint: "take it out: each key has one type")
      return .invalid
    }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain
      if isPlain, scalar.string.unicodeScalars.first == Placeholder.asterisk { return self.refuseAlias(at: location) }
      return .scalar(self.restored(scalar.string), isPlain: isPlain)
    case .sequence(let sequence):
      let itemLabel = label.hasPrefix("an item") ? label : "an item of \(label)"
      return .list(sequence.map { self.value($0, label: itemLabel, depth: depth + 1) })
    case .mapping(let mapping):
      return .mapping(self.entries(mapping, depth: depth + 1))
    case .alias:
      return self.refuseAlias(at: location)
    }
  }

  private mutating func entries(_ mapping: Node.Mapping, depth: Int) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var firsts: [String: Location] = [:]
    for (keyNode, valueNode) in mapping {
      guard let key = self.key(keyNode, depth: depth) else { continue }
      if let first = firsts[key.value] {
        self.report.add(
          .duplicateKey, at: key.location,
          "the key '\(excerpt(key.value))' is there twice: first in line \(first.line)",
          hint: "keep one of the two")
        continue
      }
      firsts[key.value] = key.location
      entries.append(YAMLEntry(key: key, value: self.value(valueNode, label: "'\(excerpt(key.value))'", depth: depth)))
    }
    return entries
  }

  private mutating func key(_ node: Node, depth: Int) -> Located<String>? {
    let key = self.value(node, label: "a key", depth: depth)
    switch key.content {
    case .scalar(let text, _):
      return Located(text, at: key.location)
    case .invalid:
      return nil
    case .list, .mapping:
      self.report.add(.wrongType, at: key.location, "a key is \(key.type)", hint: "accepted: a word")
      return nil
    }
  }

  private mutating func refuseAlias(at location: Location) -> YAMLValue.Content {
    self.report.add(
      .alias, at: location, "anchors and aliases ('&name', '*name') are not accepted",
      hint: "write the value out; quote a text that begins with '&' or '*'")
    return .invalid
  }

  private func restored(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { self.originals[$0] ?? $0 }))
  }
}

// MARK: Errors

extension YAMLComposer {
  private mutating func add(_ error: any Error) {
    switch error as? YamlError {
    case .parser(_, let problem, let mark, _) where problem.hasPrefix("Maximum nesting level"):
      self.report.add(
        .tooDeep, at: self.within(Location(mark)), "lists and mappings are in each other a thousand times",
        hint: "accepted: at most \(Self.depthLimit) levels")
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
      self.addSyntax(problem, at: Location(mark), context: context)
    case .composer(_, _, let mark, _):
      self.report.add(
        .severalDocuments, at: self.within(Location(mark)), "a second document begins here",
        hint: "take out the line '---' or '...', or make two files")
    case .duplicatedKeysInMapping(_, let context):
      self.report.add(
        .duplicateKey, at: Location(context.mark), "this key is in its mapping twice", hint: "keep one of the two")
    case let other:
      self.addSyntax(other.map { "\($0)" } ?? "\(error)", at: .start, context: nil)
    }
  }

  /// What does not end is reported where it begins.
  private mutating func addSyntax(_ problem: String, at location: Location, context: YamlError.Context?) {
    let end = self.within(location)
    let beginning = context.map { self.within(Location($0.mark)) }
    let isAtEnd = end != location || problem.hasSuffix("end of stream")
    let words = context.map { "\($0.text)" + (isAtEnd ? ": " : " (line \(beginning?.line ?? end.line)): ") } ?? ""
    self.report.add(
      .yamlSyntax, at: isAtEnd ? beginning ?? end : end, "this is not YAML: \(words)\(problem)",
      hint: "look at the indentation, quotes and brackets of this line and the one before")
  }

  /// The parser notices what is missing at the end of a file after the last line.
  private func within(_ location: Location) -> Location {
    let lines = self.text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let count = lines.last?.isEmpty == true ? max(1, lines.count - 1) : lines.count
    guard location.line > count else { return location }
    return Location(line: count, column: Substring(lines[count - 1]).unicodeScalars.count + 1)
  }
}

extension Location {
  fileprivate init(_ mark: Mark?) {
    self = mark.map { Location(line: $0.line, column: $0.column) } ?? .start
  }
}

/// By the names: each `Tag` that is made to compare with makes a table of constructors, for every value of a file.
private func isOrdinary(_ tag: Tag) -> Bool {
  let name = tag.rawValue
  return name == Tag.Name.str.rawValue || name == Tag.Name.seq.rawValue || name == Tag.Name.map.rawValue
}

/// True for what a key may begin with and stays a key without.
private func canBeMasked(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "_"
}

private func position(of mark: Mark, in scalars: String.UnicodeScalarView) -> String.Index? {
  var index = scalars.startIndex
  for _ in 1..<max(1, mark.line) {
    guard let newline = scalars[index...].firstIndex(of: "\n") else { return nil }
    index = scalars.index(after: newline)
  }
  guard let found = scalars.index(index, offsetBy: mark.column - 1, limitedBy: scalars.endIndex),
    found < scalars.endIndex
  else { return nil }
  return found
}

private func replacing(_ old: Unicode.Scalar, by new: Unicode.Scalar, in text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == old ? new : $0 }))
}
