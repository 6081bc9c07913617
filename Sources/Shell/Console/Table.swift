// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Rows in aligned columns, as wide as their content.
package struct Table: Sendable, Equatable {
  package enum Alignment: Sendable { case left, right }

  package struct Column: Sendable, Equatable, ExpressibleByStringLiteral {
    package var title: String
    package var alignment: Alignment

    package init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }

    package init(stringLiteral title: String) {
      self.init(title)
    }
  }

  package struct Cell: Sendable, Equatable, ExpressibleByStringLiteral {
    package var text: String
    package var style: Style

    package init(_ text: String, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }

    package init(stringLiteral text: String) {
      self.init(text)
    }
  }

  private static let gap = "  "

  package var columns: [Column]
  package private(set) var rows: [[Cell]] = []

  package init(_ columns: Column...) {
    self.init(columns)
  }

  package init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Cells beyond the last column are dropped; missing ones are empty.
  package mutating func add(_ cells: Cell...) {
    self.add(cells)
  }

  package mutating func add(_ cells: [Cell]) {
    self.rows.append((0..<self.columns.count).map { $0 < cells.count ? cells[$0] : "" })
  }

  /// Lines without trailing space, each ended by a newline.
  package func text(_ palette: Palette = .plain) -> String {
    let head = self.columns.map { Cell($0.title, .faint) }
    let widths = self.columns.indices.map { index in
      ([head] + self.rows).map { width(of: $0[index].text) }.max() ?? 0
    }
    return ([head] + self.rows).map { self.line($0, widths, palette) }.joined()
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ palette: Palette) -> String {
    var line = ""
    // Space is held back until something follows it.
    var space = ""
    for (index, cell) in cells.enumerated() {
      let padding = String(repeating: " ", count: widths[index] - width(of: cell.text))
      if self.columns[index].alignment == .right { space += padding }
      if !cell.text.isEmpty {
        line += space + palette.paint(cell.text, cell.style)
        space = ""
      }
      if self.columns[index].alignment == .left { space += padding }
      space += Self.gap
    }
    return line + "\n"
  }
}

/// Cells of a terminal, for the letters and signs that we print.
private func width(of text: String) -> Int { text.count }
