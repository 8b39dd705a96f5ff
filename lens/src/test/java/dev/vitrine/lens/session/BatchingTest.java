package dev.vitrine.lens.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchingTest {
    private final Model model = new ModelLoader(new OnnxRuntimeRunner()).load(Path.of("mnist-cnn"));

    @ParameterizedTest
    @ValueSource(longs = {1 << 12, 1 << 20, 1 << 22, 1 << 24, 1L << 34})
    void runsFitTheMemoryThatThereIsAndCoverAllSamples(long memory) {
        Batching batching = new Batching(model, memory);
        long bytes = batching.sampleBytes();
        assertThat(batching.size()).isPositive();
        assertThat(batching.size() == 1 || batching.size() * bytes <= memory / 16)
                .isTrue();
        for (List<long[]> runs : List.of(batching.runs(37), batching.forwardRuns(37, model.graph()))) {
            long next = 0;
            for (long[] run : runs) {
                assertThat(run[0]).isEqualTo(next);
                assertThat(run[1]).isGreaterThan(run[0]);
                next = run[1];
            }
            assertThat(next).isEqualTo(37);
        }
    }

    @Test
    void aLargerMachineTakesMoreAtOnce() {
        assertThat(new Batching(model, 1L << 34).size()).isGreaterThan(new Batching(model, 1 << 20).size());
        assertThat(new Batching(model, 1L << 34).forwardRuns(48, model.graph()).size())
                .isLessThan(new Batching(model, 1 << 16)
                        .forwardRuns(48, model.graph())
                        .size());
    }
}
