// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow
package import PacketCapture

/// Why the input cannot be read any further. What is wrong with single messages is said in their lines instead.
package enum OpenFlowInputError: Error, Sendable, Hashable, CustomStringConvertible {
  case capture(CaptureError)
  case hex(HexTextError)

  package var description: String {
    switch self {
    case .capture(let error): "\(error)"
    case .hex(let error): "\(error)"
    }
  }
}

/// Makes lines of JSON from OpenFlow messages, as they arrive: a stream of messages one after the other, or a capture
/// (recognised by how it begins), either as bytes or as hexadecimal text.
///
/// Memory does not grow with the length of the input.
package struct OpenFlowDecoder {
  /// The ports of controllers: OpenFlow's own (IANA) and the one that was used before.
  package static let usualPorts: Set<UInt16> = [6633, 6653]

  private enum Source { case unknown([UInt8]), stream(MessageStream), capture(CaptureDecoder) }

  private let ports: Set<UInt16>
  private var hex: HexTextReader?
  private var source = Source.unknown([])
  /// Lines that are about something that is no message.
  package private(set) var errorCount = 0
  /// All lines.
  package private(set) var lineCount = 0

  /// - Parameters:
  ///   - isHex: the input is text.
  ///   - ports: in a capture, the connections that are looked at.
  package init(isHex: Bool = false, ports: Set<UInt16> = usualPorts) {
    self.hex = isHex ? HexTextReader() : nil
    self.ports = ports
  }

  /// Why a capture had no messages; nil: it had, or the input was none.
  package var explanation: String? {
    guard case .capture(let decoder) = self.source else { return nil }
    return decoder.census.explanation(for: self.ports)
  }

  /// Takes in the next bytes of the input and adds to `output` the lines that they complete.
  ///
  /// - Throws: `OpenFlowInputError` if there is no way to read on; all lines up to there are in `output`.
  package mutating func read(_ input: ArraySlice<UInt8>, into output: inout [UInt8]) throws(OpenFlowInputError) {
    guard self.hex != nil else { return try self.readBytes(input, &output) }
    // Line by line, so that the lines before a wrong one are not lost.
    for line in input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let end = line.endIndex < input.endIndex ? line.endIndex + 1 : line.endIndex
      let bytes: [UInt8]
      do { bytes = try self.hex?.read(input[line.startIndex..<end]) ?? [] } catch { throw .hex(error) }
      if !bytes.isEmpty { try self.readBytes(bytes[...], &output) }
    }
  }

  /// Says that there is no more input, and adds the last lines to `output`.
  package mutating func finish(into output: inout [UInt8]) throws(OpenFlowInputError) {
    let last: [UInt8]
    do { last = try self.hex?.finish() ?? [] } catch { throw .hex(error) }
    try self.readBytes(last[...], &output)
    if case .unknown(let bytes) = self.source {
      self.source = .stream(MessageStream(hasRuns: false))
      try self.readBytes(bytes[...], &output)
    }
    switch self.source {
    case .unknown: break
    case .stream(var stream):
      for item in stream.finish() { self.write(MessageLine(item), &output) }
      self.source = .stream(stream)
    case .capture(var decoder):
      self.source = .unknown([])
      defer { self.source = .capture(decoder) }
      do { try decoder.finish { self.write(MessageLine($0), &output) } } catch { throw .capture(error) }
    }
  }

  private mutating func readBytes(_ input: ArraySlice<UInt8>, _ output: inout [UInt8]) throws(OpenFlowInputError) {
    switch self.source {
    case .unknown(var bytes):
      bytes += input
      guard let isCapture = CaptureReader.recognises(bytes) else {
        self.source = .unknown(bytes)
        return
      }
      self.source =
        isCapture ? .capture(CaptureDecoder(ports: self.ports)) : .stream(MessageStream(hasRuns: false))
      try self.readBytes(bytes[...], &output)
    case .stream(var stream):
      self.source = .unknown([])
      for item in stream.add(input) { self.write(MessageLine(item), &output) }
      self.source = .stream(stream)
    case .capture(var decoder):
      // Nobody else holds what the decoder keeps while it grows.
      self.source = .unknown([])
      defer { self.source = .capture(decoder) }
      do {
        try decoder.read(input) { self.write(MessageLine($0), &output) }
      } catch {
        try? decoder.finish { self.write(MessageLine($0), &output) }
        throw .capture(error)
      }
    }
  }

  private mutating func write(_ line: MessageLine, _ output: inout [UInt8]) {
    self.lineCount += 1
    if line.isError { self.errorCount += 1 }
    line.value.write(to: &output)
    output.append(UInt8(ascii: "\n"))
  }
}
