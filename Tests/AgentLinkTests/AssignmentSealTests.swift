// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentLink
import ServiceModel
import Testing

@Suite struct AssignmentSealTests {
  let key = Samples.regionKey.assignmentKey
  let nonce = FetchNonce(hex: "000102030405060708090a0b0c0d0e0f")!

  @Test func anAssignmentComesBackAsItWas() throws {
    let box = try AssignmentSeal.seal(Samples.assignment, key: self.key, nonce: self.nonce)
    let opened = try AssignmentSeal.open(box, region: Samples.east, key: self.key, nonce: self.nonce)
    #expect(opened == Samples.assignment)
    #expect(try opened.revision() == Samples.assignment.revision())
  }

  @Test func nothingElseOpensIt() throws {
    let box = try AssignmentSeal.seal(Samples.assignment, key: self.key, nonce: self.nonce)
    #expect(throws: AssignmentSealError.notAuthentic) {
      try AssignmentSeal.open(box, region: Samples.west, key: self.key, nonce: self.nonce)
    }
    #expect(throws: AssignmentSealError.notAuthentic) {
      try AssignmentSeal.open(box, region: Samples.east, key: self.key, nonce: .random())
    }
    #expect(throws: AssignmentSealError.notAuthentic) {
      try AssignmentSeal.open(
        box, region: Samples.east, key: Samples.otherKey.assignmentKey, nonce: self.nonce)
    }
    for index in stride(from: 0, to: box.count, by: 7) {
      var changed = box
      changed[index] ^= 1
      #expect(throws: AssignmentSealError.notAuthentic) {
        try AssignmentSeal.open(changed, region: Samples.east, key: self.key, nonce: self.nonce)
      }
    }
    for size in 0..<40 {
      #expect(throws: AssignmentSealError.notAuthentic) {
        try AssignmentSeal.open(Array(box.prefix(size)), region: Samples.east, key: self.key, nonce: self.nonce)
      }
    }
  }

  @Test func theRevisionNamesTheContent() throws {
    // Written down once, so that a controller of a later version that changes nothing moves no agent.
    let revision = try Samples.assignment.revision()
    #expect(revision == 3_333_929_196_938_346_394)
    var other = Samples.assignment
    other.services[0].check.fall += 1
    #expect(try other.revision() != Samples.assignment.revision())
  }

  @Test func noncesAreThirtyTwoHexDigits() {
    #expect(FetchNonce(hex: FetchNonce.random().hex) != nil)
    #expect(FetchNonce.random() != FetchNonce.random())
    #expect(FetchNonce(hex: "00") == nil)
    #expect(FetchNonce(hex: "000102030405060708090A0B0C0D0E0F") == nil)
    #expect(FetchNonce(hex: "zz0102030405060708090a0b0c0d0e0f") == nil)
  }
}
