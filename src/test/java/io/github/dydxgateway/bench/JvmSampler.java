package io.github.dydxgateway.bench;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What a JVM knows of its own memory, asked by its management on loopback. */
final class JvmSampler implements AutoCloseable {
  private final JMXConnector connector;
  private final ThreadMXBean threads;
  private final MemoryMXBean memory;

  @SuppressWarnings("BanJNDI") // a process that the benchmark has started itself
  JvmSampler(long pid) throws Exception {
    VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
    String url;
    try {
      url = machine.startLocalManagementAgent();
    } finally {
      machine.detach();
    }
    connector = JMXConnectorFactory.connect(new JMXServiceURL(url));
    MBeanServerConnection connection = connector.getMBeanServerConnection();
    threads =
        ManagementFactory.newPlatformMXBeanProxy(
            connection, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
    memory =
        ManagementFactory.newPlatformMXBeanProxy(
            connection, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
  }

  /** Bytes allocated so far by the threads that live now. */
  long allocatedBytes() {
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  /** Heap in use after a collection, in MiB. */
  double liveHeapMib() {
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed() / 1024.0 / 1024.0;
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}
