// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel

/// What a piece of text means; how that looks is the palette's affair.
package enum Style: Sendable, Equatable, CaseIterable {
  case plain
  case good
  case caution
  case bad
  /// Headings.
  case strong
  /// Less important than the rest.
  case faint

  package init(_ health: Health) {
    switch health {
    case .healthy: self = .good
    case .degraded: self = .caution
    case .unavailable: self = .bad
    }
  }
}

/// Gives styles their looks: ANSI colours (ECMA-48, 8.3.117) on a terminal, nothing anywhere else.
package struct Palette: Sendable, Equatable {
  package var isColoured: Bool

  package static let plain = Palette(isColoured: false)

  package init(isColoured: Bool) {
    self.isColoured = isColoured
  }

  /// - Parameter environment: `NO_COLOR` (no-color.org) or `TERM=dumb` turn colours off.
  package init(isTerminal: Bool, environment: (String) -> String?) {
    let refused = environment("NO_COLOR").map { !$0.isEmpty } ?? false
    self.init(isColoured: isTerminal && !refused && environment("TERM") != "dumb")
  }

  package func paint(_ text: String, _ style: Style) -> String {
    guard self.isColoured, !text.isEmpty, let code = style.code else { return text }
    return "\u{1b}[\(code)m\(text)\u{1b}[0m"
  }
}

extension Style {
  /// The parameter of SGR; nil: none.
  fileprivate var code: Int? {
    switch self {
    case .plain: nil
    case .good: 32
    case .caution: 33
    case .bad: 31
    case .strong: 1
    case .faint: 2
    }
  }
}
