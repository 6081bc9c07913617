// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlowText

/// What a decoder says of a whole input.
struct Decoded {
  var text = ""
  var errorCount = 0
  var problem: OpenFlowInputError?

  var lines: [String] { self.text.split(separator: "\n").map(String.init) }

  init(_ input: [UInt8], isHex: Bool = false, chunk: Int = .max, ports: Set<UInt16> = OpenFlowDecoder.usualPorts) {
    var decoder = OpenFlowDecoder(isHex: isHex, ports: ports)
    var output: [UInt8] = []
    do throws(OpenFlowInputError) {
      var rest = input[...]
      while !rest.isEmpty {
        try decoder.read(rest.prefix(chunk), into: &output)
        rest = rest.dropFirst(chunk)
      }
      try decoder.finish(into: &output)
    } catch {
      self.problem = error
    }
    self.text = String(decoding: output, as: UTF8.self)
    self.errorCount = decoder.errorCount
  }

  init(hex text: String, chunk: Int = .max) { self.init(Array(text.utf8), isHex: true, chunk: chunk) }
}

/// The bytes that a text stands for.
func encoded(_ text: String, chunk: Int = .max) throws(OpenFlowTextError) -> [UInt8] {
  var encoder = OpenFlowEncoder()
  var output: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    try encoder.read(rest.prefix(chunk), into: &output)
    rest = rest.dropFirst(chunk)
  }
  try encoder.finish()
  return output
}

/// The messages that are kept as files for all tests.
enum Vectors {
  static let directory = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Vectors")

  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .filter { $0.hasSuffix(".hex") && ($0.hasPrefix("of1") || $0.hasPrefix("ovs1")) }.sorted()
  }

  /// The file, as `--hex` reads it.
  static func text(_ name: String) throws -> String {
    try String(contentsOf: directory.appendingPathComponent(name), encoding: .utf8)
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    var reader = HexTextReader()
    return try reader.read(Array(text(name).utf8)) + reader.finish()
  }
}

/// A small generator whose numbers are the same on every machine (Steele, Lea and Flood, 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    self.state &+= 0x9e37_79b9_7f4a_7c15
    var z = self.state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(self.next() % UInt64(bound)) }
}
