package io.github.dydxgateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BookSideTest {

  @Property
  void aSideIsASortedMapWithTheBestFirst(
      @ForAll boolean bids,
      @ForAll @IntRange(max = 400) int ofState,
      @ForAll @Size(max = 400) List<@IntRange(min = 1, max = 300) Integer> prices) {
    BookSide side = new BookSide(bids);
    side.set(1, 1, 0);
    side.beginState();
    NavigableMap<Long, Long> reference =
        new TreeMap<>(bids ? Comparator.<Long>reverseOrder() : Comparator.<Long>naturalOrder());
    for (int i = 0; i < prices.size(); i++) {
      if (i == ofState) {
        side.endState();
      }
      long price = prices.get(i);
      long size = i % 4; // 0 removes
      assertThat(side.set(price, size, i)).isEqualTo(reference.getOrDefault(price, 0L));
      if (size == 0) {
        reference.remove(price);
      } else {
        reference.put(price, size);
      }
      assertThat(side.sizeAt(price)).isEqualTo(size);
    }
    side.endState();
    assertThat(side.count()).isEqualTo(reference.size());
    int depth = 0;
    for (var level : reference.entrySet()) {
      assertThat(side.price(depth)).isEqualTo(level.getKey());
      assertThat(side.size(depth)).isEqualTo(level.getValue());
      depth++;
    }
  }

  @Test
  void aSideKnowsWhenItIsFull() {
    BookSide side = new BookSide(false);
    for (int price = 1; price <= BookSide.MAX_LEVELS; price++) {
      side.set(price, 1, 0);
    }
    assertThat(side.isFull()).isTrue();
    assertThat(side.set(BookSide.MAX_LEVELS + 1, 1, 0)).isEqualTo(BookSide.FULL);
    assertThat(side.set(BookSide.MAX_LEVELS + 1, 0, 0)).isZero();
    assertThat(side.set(1, 2, 0)).isEqualTo(1);
  }

  @Test
  void aBookThatIsFullTakesChangesButNoNewLevels() {
    OrderBook book = new OrderBook(true);
    for (int price = 1; price <= BookSide.MAX_LEVELS; price++) {
      assertThat(book.set(true, price, 1, 0)).isTrue();
      book.beginFrame();
    }
    assertThat(book.set(true, BookSide.MAX_LEVELS + 1, 1, 0)).isFalse();
    assertThat(book.set(true, 5, 7, 0)).isTrue();
    assertThat(book.bids().sizeAt(5)).isEqualTo(7);
  }
}
