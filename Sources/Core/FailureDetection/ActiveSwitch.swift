// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Which switch of a group forwards while the others wait.
///
/// Losing the connection to the active switch is not its death: it goes on by its tables. So the others ask for its
/// address on the segments that they share with it, all the time, and the verdict falls on what is known already:
///
/// | the active switch | then |
/// |---|---|
/// | is heard by the controller | stays, unless its uplink or all its gateways are gone and another switch has both |
/// | came back with empty tables | another one that holds its program takes over at once |
/// | is not heard, and answers the others | stays, with an alarm |
/// | is not heard, and has not answered for n·T_h | another one takes over |
/// | is not heard, and nobody can ask, or could ever hear it | stays, with an alarm |
/// | returns after that | waits behind the gate; nothing moves back |
package struct ActiveSwitch: Sendable, Equatable {
  /// Whether a controller can say anything to a switch.
  package enum Control: Sendable, Equatable {
    case away
    /// Connected, but nothing comes back.
    case mute
    /// Another controller leads there.
    case elsewhere
    /// Connected; what it holds is not known yet.
    case reading
    case ready
  }

  /// What a switch holds.
  package enum Holding: Sendable, Equatable {
    case nothing
    case open
    case closed
  }

  package enum Outage: Sendable, Equatable {
    case uplinksDown
    case gatewayPortsDown
    case noRegionAnswers
  }

  /// What is known of one switch now.
  package struct Member: Sendable, Equatable {
    package var name: SwitchName
    package var control: Control
    /// Nil: its tables were not read.
    package var holding: Holding?
    package var outage: Outage?
    /// At least one region answers through it.
    package var reachesRegions: Bool

    package init(
      name: SwitchName, control: Control, holding: Holding? = nil, outage: Outage? = nil, reachesRegions: Bool = true
    ) {
      self.name = name
      self.control = control
      self.holding = holding
      self.outage = outage
      self.reachesRegions = reachesRegions
    }

    fileprivate var isHeard: Bool { self.control == .ready || self.control == .reading }
    fileprivate var isOut: Bool { self.control == .away || self.control == .mute }
  }

  /// Why a switch is the active one.
  package enum Reason: Sendable, Equatable {
    /// No switch held anything.
    case preferred
    /// It forwarded when the controller found it.
    case found
    /// The one before holds nothing any more.
    case emptied
    /// The one before, or one that never came, has not answered for so long.
    case silent(Duration)
    case outage(Outage)
  }

  /// Why a switch stays the active one though the controller does not hear it, or could not tell its death.
  package enum Doubt: Sendable, Equatable {
    /// It answers other switches.
    case answers
    /// No other switch is there to ask or to take over.
    case nobodyElse
    /// It never answered the others while it certainly was there.
    case neverHeard
  }

  package enum Verdict: Sendable, Equatable {
    case activated(SwitchName, instead: SwitchName?, Reason)
    case doubted(SwitchName, Doubt)
    /// It is heard again, and answers.
    case trusted(SwitchName)
  }

  /// What the others hear of a switch.
  private struct Watch: Sendable, Equatable {
    /// It is asked without a break since then.
    var since: Instant
    var nextQuestion: Instant
    var lastAnswer: Instant?

    func silence(at now: Instant) -> Duration { now - max(self.since, self.lastAnswer ?? self.since) }
  }

  /// For how long a switch that holds nothing waits for one that is preferred, when nobody forwards yet.
  package static let grace = Duration.seconds(5)

  package private(set) var active: SwitchName?
  package private(set) var reason: Reason?
  package private(set) var doubt: Doubt?
  /// The active switch was seen to hold its program, open.
  private var hasServed = false
  private var watches: [SwitchName: Watch] = [:]
  /// When the controller ceased to hear the active switch.
  private var lostAt: Instant?
  /// Those that held nothing when they were first seen, as long as nobody forwards.
  private var foundEmpty: Set<SwitchName> = []
  /// Since when a switch is there that could be the active one.
  private var waitingSince: Instant?

  package init() {}

  private func member(_ name: SwitchName?, _ members: [Member]) -> Member? { members.first { $0.name == name } }

  // MARK: Asking

  /// Questions that are due.
  ///
  /// - Returns: who is asked, and through which switches.
  package mutating func questions(
    to members: [Member], at now: Instant, _ detection: Detection
  ) -> [(asked: SwitchName, through: [SwitchName])] {
    self.watch(members, at: now)
    var questions: [(asked: SwitchName, through: [SwitchName])] = []
    for member in members {
      guard let watch = self.watches[member.name], watch.nextQuestion <= now else { continue }
      let pause = detection.heartbeatInterval / (member.isHeard ? 1 : 4)
      self.watches[member.name]?.nextQuestion = now + pause
      questions.append((member.name, self.askers(of: member.name, members)))
    }
    return questions
  }

  private func askers(of name: SwitchName, _ members: [Member]) -> [SwitchName] {
    members.filter { $0.name != name && $0.control == .ready }.map(\.name)
  }

  /// Begins and ends to ask. Until somebody forwards, those of which nothing is known are asked.
  private mutating func watch(_ members: [Member], at now: Instant) {
    for member in members {
      let isAsked = self.active.map { $0 == member.name } ?? (member.holding == nil || !member.isHeard)
      guard isAsked, !self.askers(of: member.name, members).isEmpty else {
        self.watches[member.name] = nil
        continue
      }
      if self.watches[member.name] == nil { self.watches[member.name] = Watch(since: now, nextQuestion: now) }
    }
  }

  /// Another switch has heard this one.
  package mutating func answered(_ name: SwitchName, at now: Instant) { self.watches[name]?.lastAnswer = now }

  /// Nothing could be heard until now, or be asked.
  package mutating func excuse(at now: Instant) {
    for name in self.watches.keys {
      self.watches[name]?.since = now
      self.watches[name]?.nextQuestion = now
    }
  }

  /// Another controller led until now: who forwards is to be seen from the switches.
  package mutating func forget() { self = ActiveSwitch() }

  /// When something is to be asked or decided though nothing happens.
  package func nextDeadline(after now: Instant, _ detection: Detection) -> Instant? {
    var moments = self.watches.values.map(\.nextQuestion)
    for watch in self.watches.values {
      moments.append(max(watch.since, watch.lastAnswer ?? watch.since) + detection.bound)
    }
    if self.active == nil, let since = self.waitingSince { moments.append(since + Self.grace) }
    return moments.lazy.filter { $0 > now }.min()
  }

  // MARK: Deciding

  /// - Parameter members: in order of preference.
  package mutating func decide(_ members: [Member], at now: Instant, _ detection: Detection) -> [Verdict] {
    self.watch(members, at: now)
    if let active = self.active, self.member(active, members) == nil { self.forget() }
    guard let active = self.member(self.active, members) else { return self.begin(members, at: now, detection) }
    switch active.control {
    case .elsewhere, .reading: return []
    case .ready: return self.judge(heard: active, members, at: now, detection)
    case .away, .mute: return self.judge(unheard: active, members, at: now, detection)
    }
  }

  private mutating func judge(
    heard active: Member, _ members: [Member], at now: Instant, _ detection: Detection
  ) -> [Verdict] {
    self.lostAt = nil
    if active.holding == .open { self.hasServed = true }
    if self.hasServed, active.holding == .nothing,
      let next = self.heir(of: active.name, members, where: { $0.holding == .closed })
    {
      return [self.activate(next, .emptied)]
    }
    if let outage = active.outage,
      let next = self.heir(of: active.name, members, where: { $0.outage == nil && $0.reachesRegions })
    {
      return [self.activate(next, .outage(outage))]
    }
    // Answers that do not come from one that is there say nothing when it is not.
    let isHeard = self.watches[active.name].map { $0.silence(at: now) < detection.bound } ?? true
    return self.doubts(isHeard ? nil : .neverHeard, about: active.name)
  }

  private mutating func judge(
    unheard active: Member, _ members: [Member], at now: Instant, _ detection: Detection
  ) -> [Verdict] {
    let lostAt = self.lostAt ?? now
    self.lostAt = lostAt
    guard let watch = self.watches[active.name] else { return self.doubts(.nobodyElse, about: active.name) }
    let silence = watch.silence(at: now)
    guard silence >= detection.bound else {
      let hasAnswered = watch.lastAnswer.map { $0 >= lostAt } ?? false
      return hasAnswered ? self.doubts(.answers, about: active.name) : []
    }
    if self.doubt == .neverHeard { return [] }
    guard let next = self.heir(of: active.name, members, where: { $0.outage == nil }) else {
      return self.doubts(.nobodyElse, about: active.name)
    }
    return [self.activate(next, .silent(silence))]
  }

  private mutating func doubts(_ doubt: Doubt?, about name: SwitchName) -> [Verdict] {
    guard doubt != self.doubt else { return [] }
    self.doubt = doubt
    return [doubt.map { .doubted(name, $0) } ?? .trusted(name)]
  }

  /// Nobody is known to forward.
  private mutating func begin(_ members: [Member], at now: Instant, _ detection: Detection) -> [Verdict] {
    let ready = members.filter { $0.control == .ready && $0.holding != nil }
    if let open = ready.first(where: { $0.holding == .open }) { return [self.activate(open.name, .found)] }
    guard let first = ready.first(where: { $0.outage == nil }) ?? ready.first else {
      self.waitingSince = nil
      return []
    }
    if self.waitingSince == nil { self.waitingSince = now }
    for member in ready where member.holding == .nothing { self.foundEmpty.insert(member.name) }
    let unknown = members.filter { $0.control != .ready || $0.holding == nil }
    if unknown.isEmpty { return [self.activate(first.name, .preferred)] }
    guard unknown.allSatisfy(\.isOut) else { return [] }
    let silences = unknown.map { self.watches[$0.name]?.silence(at: now) ?? .zero }
    if let shortest = silences.min(), shortest >= detection.bound {
      // One that is not connected and does not answer forwards nothing by our flows.
      let hasWaited = self.waitingSince.map { now - $0 >= Self.grace } ?? false
      let isSure = !self.foundEmpty.contains(first.name) || hasWaited || first.name == members.first?.name
      return isSure ? [self.activate(first.name, .silent(shortest))] : []
    }
    // All others wait behind their gates, and one that is not connected is there: it forwards.
    let answering = unknown.filter { self.watches[$0.name]?.lastAnswer != nil }
    guard let only = answering.first, answering.count == 1, unknown.count == 1,
      ready.allSatisfy({ $0.holding == .closed })
    else { return [] }
    return [self.activate(only.name, .found)]
  }

  /// Who takes over: one that holds its program before one that does not.
  private func heir(of name: SwitchName, _ members: [Member], where isFit: (Member) -> Bool) -> SwitchName? {
    let fit = members.filter { $0.name != name && $0.control == .ready && isFit($0) }
    return (fit.first { $0.holding != .nothing } ?? fit.first)?.name
  }

  private mutating func activate(_ name: SwitchName, _ reason: Reason) -> Verdict {
    let before = self.active
    self.active = name
    self.reason = reason
    self.doubt = nil
    self.hasServed = false
    self.lostAt = nil
    self.waitingSince = nil
    self.foundEmpty = []
    // Who was asked before is asked no more; who forwards now is, from now on.
    self.watches = [:]
    return .activated(name, instead: before, reason)
  }
}
