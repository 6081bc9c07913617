// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel

extension ConfigurationCommandResource {
  package func text(_ palette: Palette) -> String {
    let heading =
      switch (self.applied, self.changes.isEmpty) {
      case (true, true): "nothing changes: revision \(self.revision) says the same"
      case (true, false): "applied as revision \(self.revision):"
      case (false, true): "nothing would change: revision \(self.revision) says the same"
      case (false, false): "in the place of revision \(self.revision) would come:"
      }
    return ([heading] + self.changes.flatMap { $0.lines(palette) }).joined(separator: "\n") + "\n"
  }
}

extension ConfigurationChangeResource {
  /// `  ~ service web`, and below it what is changed.
  fileprivate func lines(_ palette: Palette) -> [String] {
    let sign =
      switch self.kind {
      case .added: "+"
      case .removed: "-"
      case .changed: "~"
      }
    return ["  \(sign) \(self.subject)"] + self.lines.map { "      \($0)" }
  }
}

extension ConfigurationResource {
  /// A file that can be applied again, with where it is from above it.
  package func text(_ palette: Palette) -> String {
    var heading = "# not from the store"
    if let file, let origin, let controller, let time {
      heading = "# revision \(self.revision): \(file), \(origin), through controller \(controller), \(time)"
    }
    let problem = self.storeProblem.map { "# nothing can be changed now: \($0)\n" } ?? ""
    return heading + "\n" + problem + self.text + (self.text.hasSuffix("\n") ? "" : "\n")
  }
}
