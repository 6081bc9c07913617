// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import CloudModel

/// A region without a cloud that could be asked: addresses are written down in the configuration, and nothing is found,
/// checked or changed.
package struct StaticProvider: CloudProvider {
  package let name: String

  package init(name: String) { self.name = name }

  package func facts(about references: [CloudReference]) throws(CloudError) -> CloudFacts {
    guard let first = references.first else { return CloudFacts() }
    throw CloudError(
      .configuration, cloud: self.name, "\(first) is named, and nobody can be asked for its address",
      hint: "write its address down, or give the region a 'cloud'")
  }

  package func perform(_ step: CloudStep) throws(CloudError) {
    throw CloudError(.configuration, cloud: self.name, "nothing can be changed there", hint: "do by hand: \(step)")
  }
}
