package io.github.dydxgateway.upstream;

import io.github.dydxgateway.indexer.ChannelContents;
import io.github.dydxgateway.indexer.ChannelListener;
import io.github.dydxgateway.indexer.IndexerFrame;
import io.github.dydxgateway.indexer.MalformedFrameException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it hears, as {@code state 1}, {@code data 2}, {@code interrupted}… */
class RecordingListener implements ChannelListener {
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private volatile long lastReceiveTimeNs;

  @Override
  public void onSubscribed(IndexerFrame.Subscribed frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    note("state " + number(frame.contents()));
  }

  @Override
  public void onData(IndexerFrame.ChannelData frame, long receiveTimeNs) {
    lastReceiveTimeNs = receiveTimeNs;
    note("data " + number(frame.updates().get(0)));
  }

  @Override
  public void onInterrupted(String reason) {
    note("interrupted");
  }

  @Override
  public void onLost(String reason, long receiveTimeNs) {
    note("lost");
  }

  @Override
  public void onMalformed(MalformedFrameException problem, long receiveTimeNs) {
    note("malformed " + problem.messageId());
  }

  @Override
  public void onRefused(Refusal refusal) {
    note("refused " + refusal.kind() + ": " + refusal.message());
  }

  private static long number(ChannelContents contents) {
    return ((ChannelContents.BlockHeight) contents).height();
  }

  private void note(String what) {
    heard.add(what);
    threads.add(Thread.currentThread());
  }

  List<String> heard() {
    return List.copyOf(heard);
  }

  List<Thread> threads() {
    return List.copyOf(threads);
  }

  long lastReceiveTimeNs() {
    return lastReceiveTimeNs;
  }
}
