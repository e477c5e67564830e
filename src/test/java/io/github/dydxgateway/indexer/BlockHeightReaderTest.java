package io.github.dydxgateway.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockHeightReaderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"height\":\"12\",\"time\":\"1970-01-01T00:00:01.000Z\"}",
        "{\"time\":\"1970-01-01T00:00:01Z\",\"new\":null,\"blockHeight\":12}"
      })
  void readsBothNamesOfTheHeight(String contents) throws MalformedFrameException {
    ChannelContents.BlockHeight expected = new ChannelContents.BlockHeight(12, 1_000_000_000L);
    assertThat(Reading.update(ChannelContents.BlockHeight.class, "v4_block_height", contents))
        .isEqualTo(expected);
    assertThat(Reading.state(ChannelContents.BlockHeight.class, "v4_block_height", contents))
        .isEqualTo(expected);
  }

  @Test
  void unknownFieldsAreKept() throws MalformedFrameException {
    assertThat(
            Reading.update(
                    ChannelContents.BlockHeight.class,
                    "v4_block_height",
                    "{\"height\":5,\"new\":[ ],\"odd\":null}")
                .unknownFields()
                .jsonByName())
        .isEqualTo(Map.of("new", "[ ]"));
  }

  @Test
  void aBlockWithoutTimeHasZero() throws MalformedFrameException {
    assertThat(
            Reading.update(
                    ChannelContents.BlockHeight.class, "v4_block_height", "{\"height\":\"5\"}")
                .timeNs())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"height\":null}",
        "{\"height\":\"x\"}",
        "{\"height\":{}}",
        "{\"height\":\"99999999999999999999\"}",
        "{\"height\":\"5\",\"time\":\"yesterday\"}"
      })
  void aBlockThatCannotBeReadIsMalformed(String contents) {
    assertThat(
            Reading.malformed(SampleFrames.with(SampleFrames.BLOCK_UPDATE, "contents", contents)))
        .satisfies(
            problem ->
                assertThat(problem.channelId()).isEqualTo(ChannelId.of(Channel.BLOCK_HEIGHT)));
  }
}
