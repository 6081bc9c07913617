// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel
import Testing

/// What holds in every network: everything arrives, once, whatever happened before.
@Suite struct LawTests {
  @Test(arguments: 0..<30 as Range<UInt64>)
  func `everybody reaches everybody, once, after anything that happens`(seed: UInt64) {
    var network = RandomNetwork(seed: seed, foreign: false)
    network.start()
    network.check("seed \(seed), start")
    for _ in 0..<6 {
      let what = network.disturb()
      network.check("seed \(seed), \(what)")
    }
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func `so it is with foreign networks between the switches`(seed: UInt64) {
    var network = RandomNetwork(seed: seed, foreign: true)
    network.start()
    network.check("seed \(seed), start")
    for _ in 0..<6 {
      let what = network.disturb()
      network.check("seed \(seed), \(what)")
    }
  }
}
