package dev.vitrine.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Graphs are opened once, within a bound, and never closed under a run. */
class OpenGraphsTest {
    private final AtomicInteger openings = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final OpenGraphs<Integer> graphs = new OpenGraphs<>(10);

    /** Fails where it is run after its end, or closed under a run. */
    private final class Checked implements Executable {
        private int runs;
        private boolean closed;

        Checked() {
            openings.incrementAndGet();
            open.incrementAndGet();
        }

        @Override
        public Map<Value, Tensor> run(Map<Value, Tensor> inputs) {
            synchronized (this) {
                assertThat(closed).isFalse();
                runs++;
            }
            Thread.onSpinWait();
            synchronized (this) {
                assertThat(closed).isFalse();
                runs--;
            }
            return Map.of();
        }

        @Override
        public Map<Value, Tensor> run(Map<Value, Tensor> inputs, List<Value> outputs) {
            return run(inputs);
        }

        @Override
        public void runInto(Map<Value, Tensor> inputs, Map<Value, Tensor> targets) {
            run(inputs);
        }

        @Override
        public synchronized void close() {
            assertThat(runs).isZero();
            assertThat(closed).isFalse();
            closed = true;
            open.decrementAndGet();
        }
    }

    private Executable graph(int key, long bytes) {
        return graphs.executable(key, () -> new OpenGraphs.Opening(Checked::new, bytes));
    }

    @Test
    void closesTheLongestUnusedAndOpensItAgain() {
        Executable first = graph(1, 4);
        graph(2, 4);
        first.run(Map.of());
        assertThat(openings).hasValue(2);
        graph(3, 4);
        assertThat(open).hasValue(2);
        first.run(Map.of());
        assertThat(openings).as("2 was unused longer than 1").hasValue(3);
        graph(2, 4).run(Map.of());
        assertThat(openings).hasValue(4);
        graph(4, 100).run(Map.of());
        assertThat(open).as("one that is too large stands alone").hasValue(1);
        graphs.close();
        assertThat(open).hasValue(0);
        assertThatThrownBy(() -> first.run(Map.of())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatCannotBeOpenedTakesNoRoom() {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> graphs.executable(
                            1,
                            () -> new OpenGraphs.Opening(
                                    () -> {
                                        throw VitrineException.failure("broken");
                                    },
                                    8)))
                    .isInstanceOf(VitrineException.class);
        }
        Executable kept = graph(2, 8);
        kept.run(Map.of());
        graph(3, 2);
        kept.run(Map.of());
        assertThat(openings).hasValue(2);
    }

    @Test
    void manyThreadsMayRunWhileOthersMakeRoomOrCloseAll() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        CountDownLatch some = new CountDownLatch(4000);
        List<Future<?>> work = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int seed = thread;
            work.add(threads.submit(() -> {
                for (int i = 0; ; i++) {
                    try {
                        graph((i * 7 + seed) % 6, 4).run(Map.of());
                    } catch (IllegalStateException closed) {
                        return;
                    }
                    some.countDown();
                }
            }));
        }
        some.await();
        graphs.close();
        for (Future<?> one : work) {
            one.get();
        }
        threads.shutdown();
        assertThat(open).hasValue(0);
        assertThat(openings.get()).isGreaterThan(6);
    }
}
