// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles

extension Mistake {
  /// What is wrong with a file as a text and as YAML.
  static let texts: [Mistake] = [
    Mistake(
      .badCharacter, in: Example.with("misses: 5", "misses: 5\0"), at: "7:12",
      "the character U+0000 cannot be here",
      "accepted: printable characters; lines end with LF or CR LF"),
    Mistake(
      .badCharacter, in: Example.with("misses: 5", "misses: 5\rrise: 4"), at: "7:12",
      "the character U+000D cannot be here",
      "accepted: printable characters; lines end with LF or CR LF"),
    Mistake(
      .badCharacter, in: Example.with("misses: 5", "misses: 5 # \u{2028}"), at: "7:15",
      "the character U+2028 cannot be here",
      "accepted: printable characters; lines end with LF or CR LF"),
    Mistake(
      .badCharacter, in: Example.with("misses: 5", "misses: 5 # \u{10ff01}"), at: "7:15",
      "the character U+10FF01 cannot be here",
      "accepted: printable characters; lines end with LF or CR LF"),
    Mistake(
      .badCharacter, in: Example.with("misses: 5", "misses: 5 # \u{feff}"), at: "7:15",
      "the character U+FEFF cannot be here",
      "accepted: printable characters; lines end with LF or CR LF"),
    Mistake(
      .tab, in: Example.with("  misses: 5", "\t  misses: 5"), at: "7:1",
      "a tab in the indentation",
      "indent with spaces"),
    Mistake(
      .tab, in: Example.with("  misses: 5", "  \tmisses: 5"), at: "7:3",
      "a tab in the indentation",
      "indent with spaces"),
    Mistake(
      .yamlSyntax, in: Example.with("misses: 5", "misses: 5: 6"), at: "7:12",
      "this is not YAML: mapping values are not allowed in this context",
      "look at the indentation, quotes and brackets of this line and the one before"),
    Mistake(
      .yamlSyntax, in: Example.with("misses: 5", "misses: {"), at: "9:7",
      "this is not YAML: while parsing a flow mapping (line 7): did not find expected ',' or '}'",
      "look at the indentation, quotes and brackets of this line and the one before"),
    Mistake(
      .yamlSyntax, in: Example.with("misses: 5", "misses: \"5"), at: "7:11",
      "this is not YAML: while scanning a quoted scalar: found unexpected end of stream",
      "look at the indentation, quotes and brackets of this line and the one before"),
    Mistake(
      .yamlSyntax, in: Example.with("misses: 5", "misses: %5"), at: "7:11",
      "this is not YAML: while scanning for the next token (line 7): found character that cannot start any token",
      "look at the indentation, quotes and brackets of this line and the one before"),
    Mistake(
      .yamlSyntax, in: "...", at: "1:1",
      "this is not YAML: while parsing a block node (line 1): did not find expected node content",
      "look at the indentation, quotes and brackets of this line and the one before"),
    Mistake(
      .yamlSyntax, in: "%YAML 3.0\n---\n{}", at: "1:1",
      "this is not YAML: found incompatible YAML document",
      "look at the indentation, quotes and brackets of this line and the one before"),
    Mistake(
      .yamlSyntax, in: "{regions: [], switches: [], services: []", at: "1:1",
      "this is not YAML: while parsing a flow mapping: did not find expected ',' or '}'",
      "look at the indentation, quotes and brackets of this line and the one before"),
    Mistake(
      .yamlSyntax, in: "[[[[", at: "1:5",
      "this is not YAML: while parsing a flow node: did not find expected node content",
      "look at the indentation, quotes and brackets of this line and the one before"),
    Mistake(
      .emptyFile, in: "", at: "1:1",
      "the file has no content",
      "a file without services says so: 'regions: []', 'switches: []', 'services: []'"),
    Mistake(
      .emptyFile, in: "# nothing\n", at: "1:1",
      "the file has no content",
      "a file without services says so: 'regions: []', 'switches: []', 'services: []'"),
    Mistake(
      .severalDocuments, in: Example.with("misses: 5", "misses: 5\n---\na: 1"), at: "8:1",
      "a second document begins here",
      "take out the line '---' or '...', or make two files"),
    Mistake(
      .alias, in: Example.with("misses: 5", "misses: &a 5"), at: "7:11",
      "anchors and aliases ('&name', '*name') are not accepted",
      "write the value out; quote a text that begins with '&' or '*'"),
    Mistake(
      .alias, in: Example.with("misses: 5", "misses: *a"), at: "7:11",
      "anchors and aliases ('&name', '*name') are not accepted",
      "write the value out; quote a text that begins with '&' or '*'"),
    Mistake(
      .alias, in: Example.with("misses: 5", "misses: 5\n  *b : 5"), at: "8:3",
      "anchors and aliases ('&name', '*name') are not accepted",
      "write the value out; quote a text that begins with '&' or '*'"),
    Mistake(
      .tag, in: Example.with("misses: 5", "misses: !!int 5"), at: "7:11",
      "'misses' has the tag 'tag:yaml.org,2002:int'",
      "take it out: each key has one type"),
    Mistake(
      .tag, in: Example.with("misses: 5", "misses: !number 5"), at: "7:11",
      "'misses' has the tag '!number'",
      "take it out: each key has one type"),
    Mistake(
      .duplicateKey, in: Example.with("misses: 5", "misses: 5\n  misses: 6"), at: "8:3",
      "the key 'misses' is there twice: first in line 7",
      "keep one of the two"),
    Mistake(
      .duplicateKey, in: Example.with("misses: 5", "'misses': 5\n  misses: 6"), at: "8:3",
      "the key 'misses' is there twice: first in line 7",
      "keep one of the two"),
    Mistake(
      .duplicateKey, in: Example.with("misses: 5", "misses: 5\n  \"misses\": 6"), at: "8:3",
      "the key 'misses' is there twice: first in line 7",
      "keep one of the two"),
    Mistake(
      .duplicateKey, in: Example.with("- {region: lisbon,", "- {region: lisbon, region: lisbon,"), at: "22:26",
      "the key 'region' is there twice: first in line 22",
      "keep one of the two"),
    Mistake(
      .duplicateKey, in: Example.with("misses: 5", "misses: 5\n  ? [a]\n  : 5\n  ? [a]\n  : 5"), at: "8:5",
      "this key is in its mapping twice",
      "keep one of the two"),
    Mistake(
      .wrongType, in: Example.with("misses: 5", "misses: 5\n  [a, b]: 5"), at: "8:3",
      "a key is a list",
      "accepted: a word"),
  ]
}
