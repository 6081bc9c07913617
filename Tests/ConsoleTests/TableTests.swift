// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Console
import Testing

@Suite struct TableTests {
  @Test func columnsAreAsWideAsTheirContent() {
    var table = Table("NAME", .init("COUNT", .right), "STATE")
    table.add("a", "1", "up")
    table.add("a longer name", "12345678", "down")
    #expect(
      table.text() == """
        NAME              COUNT  STATE
        a                     1  up
        a longer name  12345678  down

        """)
  }

  @Test func linesEndWithoutSpace() {
    var table = Table("A", "B", .init("C", .right))
    table.add("x")
    table.add("", "y")
    table.add("x", "", "z")
    table.add("too", "many", "cells", "here")
    #expect(table.text().split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") })
    #expect(
      table.text() == """
        A    B         C
        x
             y
        x              z
        too  many  cells

        """)
  }

  @Test func coloursDoNotCountAsWidth() {
    var table = Table("A", "B")
    table.add(.init("x", .bad), .init("y", .good))
    let coloured = table.text(Palette(isColoured: true))
    #expect(coloured.contains("\u{1b}[31mx\u{1b}[0m"))
    #expect(coloured.replacing(/\u{1b}\[\d+m/, with: "") == table.text())
  }

  @Test func lettersAreNotBytes() {
    var table = Table("A", "B")
    table.add("→ ü", "1")
    table.add("abc", "2")
    #expect(table.text() == "A    B\n→ ü  1\nabc  2\n")
  }
}

@Suite struct PaletteTests {
  private func isColoured(isTerminal: Bool, _ environment: [String: String]) -> Bool {
    Palette(isTerminal: isTerminal, environment: { environment[$0] }).isColoured
  }

  @Test func coloursOnTerminalsOnly() {
    #expect(self.isColoured(isTerminal: true, [:]))
    #expect(!self.isColoured(isTerminal: false, [:]))
  }

  @Test func coloursAreRefused() {
    #expect(!self.isColoured(isTerminal: true, ["NO_COLOR": "1"]))
    #expect(!self.isColoured(isTerminal: true, ["TERM": "dumb"]))
    // no-color.org: "when present and not an empty string"
    #expect(self.isColoured(isTerminal: true, ["NO_COLOR": "", "TERM": "xterm"]))
  }

  @Test(arguments: Style.allCases)
  func plainIsPlain(style: Style) {
    #expect(Palette.plain.paint("text", style) == "text")
  }
}
