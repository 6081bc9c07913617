// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// Decides which connection is the switch with a datapath id.
///
/// Two connections may say the same id: a switch that came back before its old connection is known to be dead, or
/// another machine with a copied, or stolen, id. Which one it is shows when the first is asked: if it answers, it
/// is alive and keeps its place, whoever the second is.
///
///              claim by another             answer of the holder: the challenger goes
///     held ───────────────────▶ contested ──────────────────────────────────────────▶ held
///                                   └───── silence, or its connection ends: the challenger is seated ─▶ held
package struct DatapathSeats {
  package enum Claim: Equatable {
    /// Nobody had it.
    case seated
    /// Ask the holder whether it is there.
    case ask(holder: ConnectionNumber)
    /// Another one is waiting already.
    case refused
  }

  private struct Seat {
    var holder: ConnectionNumber
    var challenger: ConnectionNumber?
  }

  private var seats: [DatapathID: Seat] = [:]

  package init() {}

  package mutating func claim(_ datapath: DatapathID, by number: ConnectionNumber) -> Claim {
    guard let seat = self.seats[datapath] else {
      self.seats[datapath] = Seat(holder: number)
      return .seated
    }
    guard seat.challenger == nil else { return .refused }
    self.seats[datapath]?.challenger = number
    return .ask(holder: seat.holder)
  }

  /// The holder is there.
  /// - Returns: who asked for its place, and has to go.
  package mutating func answered(_ datapath: DatapathID, by number: ConnectionNumber) -> ConnectionNumber? {
    guard let seat = self.seats[datapath], seat.holder == number else { return nil }
    self.seats[datapath]?.challenger = nil
    return seat.challenger
  }

  /// The holder has not answered in time.
  /// - Returns: it, which has to go; its challenger is the holder now. Nil if that was decided otherwise meanwhile.
  package mutating func timedOut(_ datapath: DatapathID, challenger: ConnectionNumber) -> ConnectionNumber? {
    guard let seat = self.seats[datapath], seat.challenger == challenger else { return nil }
    self.seats[datapath] = Seat(holder: challenger)
    return seat.holder
  }

  /// A connection has ended.
  /// - Returns: the challenger, if it is the holder now.
  package mutating func left(_ datapath: DatapathID, _ number: ConnectionNumber) -> ConnectionNumber? {
    guard let seat = self.seats[datapath] else { return nil }
    if seat.challenger == number { self.seats[datapath]?.challenger = nil }
    guard seat.holder == number else { return nil }
    self.seats[datapath] = seat.challenger.map { Seat(holder: $0) }
    return seat.challenger
  }

  /// The connection that holds this datapath id.
  package func holder(of datapath: DatapathID) -> ConnectionNumber? { self.seats[datapath]?.holder }
}
