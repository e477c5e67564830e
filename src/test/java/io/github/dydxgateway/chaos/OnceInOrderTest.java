package io.github.dydxgateway.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the checker of lists lets pass, and what not. */
class OnceInOrderTest {
  private final OnceInOrder got = new OnceInOrder();
  private final Map<String, Long> earliest = new HashMap<>();

  private List<String> problems(boolean toEnd) {
    return problems(toEnd, false);
  }

  private List<String> problems(boolean toEnd, boolean mayBeLate) {
    List<String> published = List.of("a", "b", "c", "d", "e", "f");
    return got.problems(
        new VenueLog.Sequence<>(published, Function.identity()), earliest, toEnd, mayBeLate);
  }

  private static List<String> ids(String... ids) {
    return Arrays.asList(ids);
  }

  @Test
  void everythingOnceAndInOrderIsSound() {
    got.joined();
    got.snapshot(1, ids("a", "b"));
    got.update(2, ids("c", "d"));
    got.update(3, ids("e", "f"));
    assertThat(problems(true)).isEmpty();
  }

  @Test
  void oneMissingInTheMiddleIsFound() {
    got.joined();
    got.snapshot(1, ids("a"));
    got.update(2, ids("b", "d"));
    assertThat(problems(false)).singleElement().asString().contains("between b and d", "silently");
  }

  @Test
  void oneMissingAtTheEndIsFoundInARecordThatIsUpToDate() {
    got.joined();
    got.snapshot(1, ids("a", "b", "c", "d", "e"));
    assertThat(problems(false)).isEmpty();
    assertThat(problems(true)).singleElement().asString().contains("the last is e");
  }

  @Test
  void oneThatComesTwiceIsFound() {
    got.joined();
    got.snapshot(1, ids("a", "b"));
    got.update(2, ids("b", "c"));
    assertThat(problems(false)).singleElement().asString().contains("b at 2 came twice");
  }

  @Test
  void twoInTheWrongOrderAreFound() {
    got.joined();
    got.snapshot(1, ids("a"));
    got.update(2, ids("c", "b"));
    assertThat(problems(false)).anyMatch(problem -> problem.contains("b at 2 came too late"));
  }

  @Test
  void ofTwoConnectionsOneMayTellLateWhatAGapWasSaidForButNotTwice() {
    got.joined();
    got.snapshot(1, ids("a"));
    got.update(2, ids("c"));
    got.update(3, ids("b"));
    assertThat(problems(false, true)).hasSize(2);
    got.gap();
    assertThat(problems(false, true)).isEmpty();
    assertThat(problems(false, false)).singleElement().asString().contains("b at 3");
    got.update(5, ids("b"));
    assertThat(problems(false, true)).singleElement().asString().contains("b at 5 came twice");
  }

  @Test
  void whatComesLateMayComeAfterOthersThatFollowedTheGap() {
    got.joined();
    got.snapshot(1, ids("a"));
    got.update(2, ids("c"));
    got.gap();
    got.update(4, ids("d"));
    got.update(5, ids("b"));
    assertThat(problems(false, true)).isEmpty();
    got.update(6, ids("f"));
    got.update(7, ids("e"));
    assertThat(problems(false, true)).hasSize(2);
  }

  @Test
  void whatAGapWasSaidForMayComeLateBehindWhatFollowedIt() {
    got.joined();
    got.snapshot(1, ids("a"));
    got.gap();
    got.update(3, ids("c"));
    got.update(4, ids("d"));
    got.update(5, ids("b", "e"));
    assertThat(problems(false, true)).isEmpty();
    got.update(6, ids("b"));
    assertThat(problems(false, true)).singleElement().asString().contains("b at 6 came twice");
  }

  @Test
  void oneThatNobodyPublishedIsFound() {
    got.joined();
    got.update(2, ids("x"));
    assertThat(problems(false)).containsExactly("x was never published");
  }

  @Test
  void aGapMayFollowSoonAfterWhatCameBehindTheLossButNotMuchLater() {
    got.joined();
    got.snapshot(1, ids("a"));
    got.update(2, ids("c"));
    for (int i = 0; i < 200; i++) {
      got.update(3 + i, ids());
    }
    got.gap();
    assertThat(problems(false)).singleElement().asString().contains("between a and c");
    got.joined();
    got.snapshot(300, ids("a"));
    got.update(301, ids("c"));
    got.update(302, ids("d"));
    got.gap();
    assertThat(problems(false)).hasSize(1);
  }

  @Test
  void aGapExcusesWhatIsMissingJustBeforeAndBehindIt() {
    got.joined();
    got.snapshot(1, ids("a"));
    got.gap();
    got.update(3, ids("c"));
    assertThat(problems(false)).isEmpty();
    got.update(4, ids("e"));
    assertThat(problems(false)).singleElement().asString().contains("between c and e");
  }

  @Test
  void aSnapshotMayRepeatWhatTheClientHasButNotSkipAnything() {
    got.joined();
    got.snapshot(1, ids("a", "b", "c"));
    got.snapshot(2, ids("b", "c", "d"));
    assertThat(problems(false)).isEmpty();
    got.snapshot(9, ids("f"));
    assertThat(problems(false)).singleElement().asString().contains("the snapshot 9", "silently");
  }

  @Test
  void aSnapshotLacksOnlyWhatNobodyGot() {
    got.joined();
    got.snapshot(5, ids("a", "b", "d"));
    assertThat(problems(false)).isEmpty();
    earliest.put("c", 4L);
    assertThat(problems(false)).singleElement().asString().contains("snapshot 5 lacks c");
    earliest.put("c", 6L);
    assertThat(problems(false)).isEmpty();
  }

  @Test
  void whoJoinsAnewOwesNothingOfBefore() {
    got.joined();
    got.snapshot(1, ids("a"));
    got.joined();
    got.snapshot(7, ids("d", "e"));
    got.update(8, ids("f"));
    assertThat(problems(true)).isEmpty();
  }
}
