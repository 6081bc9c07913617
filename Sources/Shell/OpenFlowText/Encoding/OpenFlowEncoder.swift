// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Makes OpenFlow messages from lines of JSON, as they arrive: the inverse of `OpenFlowDecoder`.
///
/// An object may go over several lines. Memory does not grow with the length of the input.
package struct OpenFlowEncoder {
  private let isHex: Bool
  private var splitter = JSONObjectSplitter()
  /// How many messages were made.
  package private(set) var messageCount = 0

  /// - Parameter isHex: the output is text, a message a line in hexadecimal digits.
  package init(isHex: Bool = false) {
    self.isHex = isHex
  }

  /// Takes in the next bytes of the text and adds to `output` the messages that they complete.
  ///
  /// - Throws: `OpenFlowTextError` at the first object that is no message. Nothing can be left out of a stream without
  ///   changing what it says, so there is no going on; the messages before it are in `output`.
  package mutating func read(
    _ input: ArraySlice<UInt8>, into output: inout [UInt8]
  ) throws(OpenFlowTextError) {
    let isHex = self.isHex
    var count = 0
    defer { self.messageCount += count }
    try self.splitter.read(input) { (object) throws(OpenFlowTextError) in
      let bytes = try MessageText.bytes(of: try JSONParser.parse(object.text, line: object.line))
      count += 1
      if isHex {
        output += Hex.text(bytes).utf8
        output.append(UInt8(ascii: "\n"))
      } else {
        output += bytes
      }
    }
  }

  /// Says that there is no more text.
  package func finish() throws(OpenFlowTextError) { try self.splitter.finish() }
}
