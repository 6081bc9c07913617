// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
package import ServiceModel

/// Drawn by an agent for one fetch and bound into the answer, so that an old answer is never taken for a new one.
package struct FetchNonce: Sendable, Equatable {
  package static let size = 16
  /// 32 lower-case hexadecimal digits.
  package let hex: String

  package static func random() -> FetchNonce {
    var generator = SystemRandomNumberGenerator()
    let digits = Array("0123456789abcdef")
    return FetchNonce(digits: String((0..<2 * Self.size).map { _ in digits[Int(generator.next() & 0xf)] }))
  }

  /// Nil unless there are exactly 32 digits of 0-9 a-f.
  package init?(hex: some StringProtocol) {
    guard hex.utf8.count == 2 * Self.size, hex.utf8.allSatisfy(isLowerHexDigit) else { return nil }
    self.init(digits: String(hex))
  }

  private init(digits: String) {
    self.hex = digits
  }
}

private func isLowerHexDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}

/// Why an assignment could not be sealed or opened.
package enum AssignmentSealError: Error, Sendable, Equatable {
  /// More than `AssignmentSeal.maximumSize` bytes.
  case tooLarge(Int)
  /// Made with another key, for another region or for another fetch, or changed on the way.
  case notAuthentic
  /// Authentic, but no assignment that this version understands.
  case malformed(String)
}

/// Carries an assignment from the controller to the agent over plain HTTP.
///
/// The answer to `GET /v1/agents/REGION/assignment?nonce=NONCE` is a ChaCha20-Poly1305 box: nonce 12, ciphertext, tag
/// 16 (RFC 8439). Inside is the assignment as JSON; the region and the fetch's nonce are authenticated with it. So it
/// is confidential, authentic and fresh without TLS.
package enum AssignmentSeal {
  /// 16 MiB: some 80,000 services.
  package static let maximumSize = 16 << 20

  package static func seal(
    _ assignment: Assignment, key: AssignmentKey, nonce: FetchNonce
  ) throws(AssignmentSealError) -> [UInt8] {
    let json = try canonicalJSON(of: assignment)
    let box: ChaChaPoly.SealedBox
    do {
      box = try ChaChaPoly.seal(json, using: key.key, authenticating: Self.context(assignment.region, nonce))
    } catch {
      throw .malformed("\(error)")
    }
    let bytes = [UInt8](box.combined)
    guard bytes.count <= Self.maximumSize else { throw .tooLarge(bytes.count) }
    return bytes
  }

  package static func open(
    _ bytes: [UInt8], region: RegionName, key: AssignmentKey, nonce: FetchNonce
  ) throws(AssignmentSealError) -> Assignment {
    guard bytes.count <= Self.maximumSize else { throw .tooLarge(bytes.count) }
    let json: Data
    do {
      let box = try ChaChaPoly.SealedBox(combined: bytes)
      json = try ChaChaPoly.open(box, using: key.key, authenticating: Self.context(region, nonce))
    } catch {
      throw .notAuthentic
    }
    let assignment: Assignment
    do {
      assignment = try JSONDecoder().decode(Assignment.self, from: json)
    } catch {
      throw .malformed("\(error)")
    }
    guard assignment.region == region else { throw .notAuthentic }
    return assignment
  }

  private static func context(_ region: RegionName, _ nonce: FetchNonce) -> [UInt8] {
    Array("\(region)\n\(nonce.hex)".utf8)
  }
}

extension Assignment {
  /// Names this content: the same in every controller and after every restart, never 0.
  package func revision() throws(AssignmentSealError) -> UInt64 {
    let digest = SHA256.hash(data: try canonicalJSON(of: self))
    let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return max(number, 1)
  }
}

private func canonicalJSON(of assignment: Assignment) throws(AssignmentSealError) -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  do {
    return try encoder.encode(assignment)
  } catch {
    throw .malformed("\(error)")
  }
}
