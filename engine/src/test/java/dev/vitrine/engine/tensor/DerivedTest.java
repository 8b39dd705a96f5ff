package dev.vitrine.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DerivedTest {
    private final Tensor weight = Tensor.floats(new float[] {1, 2}, 2);
    private final AtomicInteger made = new AtomicInteger();

    private Tensor twice() {
        return weight.derived("twice", () -> {
            made.incrementAndGet();
            return Tensor.floats(new float[] {2, 4}, 2);
        });
    }

    @Test
    void isMadeOnceWhileItIsUsed() {
        Tensor held = twice();
        List<Tensor> others =
                IntStream.range(0, 64).parallel().mapToObj(i -> twice()).toList();
        assertThat(others).allSatisfy(other -> assertThat(other).isSameAs(held));
        assertThat(made).hasValue(1);
        assertThat(weight.derived("other", () -> weight)).isSameAs(weight);
    }

    @Test
    void isMadeAgainWhereNobodyHoldsIt() throws InterruptedException {
        twice();
        for (int i = 0; i < 50 && made.get() == 1; i++) {
            System.gc();
            Thread.sleep(10);
            twice();
        }
        assertThat(made.get()).isGreaterThan(1);
    }
}
