package dev.vitrine.lens.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.objective.ClassScore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** One session under many threads: the same maps as alone, also where one of them closes it. */
class SharedSessionTest {
    private static final List<String> METHODS =
            List.of("gradient", "grad-cam", "integrated-gradients", "lrp-epsilon", "occlusion", "smooth-grad");
    private static final int THREADS = 8;

    private final OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
    private final Model model = new ModelLoader(runner).load(Path.of("mnist-cnn"));

    private Tensor image(int seed) {
        Random random = new Random(seed);
        float[] data = new float[Math.toIntExact(Tensor.elements(model.sampleShape()))];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextFloat();
        }
        return Tensor.floats(data, model.sampleShape());
    }

    private Tensor explained(ModelSession session, String method, int image) {
        return session.explainer(Attributions.find(method).standard(), ClassScore.of(ClassScore.Scale.LOGIT))
                .explain(image(image), ModelSession.targets(image % 10), Progress.NONE)
                .attribution();
    }

    @Test
    void explainsAsAlone() throws Exception {
        try (ModelSession session = new ModelSession(model, runner)) {
            assertEqualBytes(method -> explained(session, method, 1));
        }
    }

    @Test
    void sessionsBesideOneAnotherExplainAsAlone() throws Exception {
        assertEqualBytes(method -> {
            try (ModelSession session = new ModelSession(model, runner)) {
                return explained(session, method, 1);
            }
        });
    }

    /** All methods, each in another order in each of the threads, against maps of a thread alone. */
    private void assertEqualBytes(Function<String, Tensor> explained) throws Exception {
        Map<String, Tensor> alone = new ConcurrentHashMap<>();
        for (String method : METHODS) {
            try (ModelSession session = new ModelSession(model, runner)) {
                alone.put(method, explained(session, method, 1));
            }
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> work = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            work.add(threads.submit(() -> {
                for (int i = 0; i < METHODS.size(); i++) {
                    String method = METHODS.get((first + i) % METHODS.size());
                    assertThat(explained.apply(method)).as(method).isEqualTo(alone.get(method));
                }
            }));
        }
        for (Future<?> one : work) {
            one.get();
        }
        threads.shutdown();
    }

    @Test
    void outlivesItsEnd() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        for (int round = 0; round < 3; round++) {
            ModelSession session = new ModelSession(model, runner);
            List<Future<Boolean>> work = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int seed = thread;
                work.add(threads.submit(() -> {
                    try {
                        for (int i = 0; i < 200; i++) {
                            explained(session, METHODS.get((seed + i) % 4), i);
                        }
                        return false;
                    } catch (IllegalStateException closed) {
                        return true;
                    }
                }));
            }
            Thread.sleep(300);
            session.close();
            for (Future<Boolean> one : work) {
                one.get();
            }
        }
        threads.shutdown();
    }

    private record Key() implements EvaluatorKey<NativeEvaluator> {}

    private record Asked(int number) implements AnswerKey<Integer> {}

    @Test
    void anEvaluatorIsNeverClosedUnderItsWork() throws Exception {
        ModelSession session = new ModelSession(model, runner);
        AtomicBoolean open = new AtomicBoolean(true);
        CountDownLatch working = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        NativeEvaluator evaluator = () -> open.set(false);
        Future<Boolean> work = threads.submit(() -> session.evaluated(new Key(), () -> evaluator, e -> {
            working.countDown();
            for (int i = 0; i < 20 && open.get(); i++) {
                LockSupport.parkNanos(5_000_000);
            }
            return open.get();
        }));
        working.await();
        Future<?> closing = threads.submit(session::close);
        assertThat(work.get()).isTrue();
        closing.get();
        assertThat(open).isFalse();
        assertThatThrownBy(() -> session.evaluated(new Key(), () -> evaluator, e -> 1))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.latest(new Asked(1), () -> 1)).isInstanceOf(IllegalStateException.class);
        threads.shutdown();
    }

    @Test
    void anAnswerIsComputedOnceAndHoldsUpNoOther() throws Exception {
        try (ModelSession session = new ModelSession(model, runner)) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch other = new CountDownLatch(1);
            AtomicInteger computed = new AtomicInteger();
            ExecutorService threads = Executors.newFixedThreadPool(2);
            Supplier<Integer> slow = () -> {
                begun.countDown();
                computed.incrementAndGet();
                try {
                    assertThat(other.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return 7;
            };
            Future<Integer> first = threads.submit(() -> session.latest(new Asked(1), slow));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            Future<Integer> same = threads.submit(() -> session.latest(new Asked(1), slow));
            assertThat(session.latest(new Asked(2), () -> 8)).isEqualTo(8);
            other.countDown();
            assertThat(first.get()).isEqualTo(7);
            assertThat(same.get()).isEqualTo(7);
            assertThat(computed).hasValue(1);
            threads.shutdown();
        }
    }

    @Test
    void aFailureIsNoAnswer() {
        try (ModelSession session = new ModelSession(model, runner)) {
            assertThatThrownBy(() -> session.latest(new Asked(1), () -> {
                        throw new CancellationException("stopped");
                    }))
                    .isInstanceOf(CancellationException.class);
            assertThat(session.latest(new Asked(1), () -> 5)).isEqualTo(5);
        }
    }
}
