package dev.vitrine.study.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DrawingsTest {
    @Test
    void tellsWhatEachDrawingCameTo() {
        try (Drawings drawings = new Drawings()) {
            List<Future<Integer>> begun = new ArrayList<>();
            for (int number = 0; number < 100; number++) {
                int own = number;
                begun.add(drawings.begin(() -> own));
            }
            for (int number = 0; number < 100; number++) {
                assertThat(Drawings.result(begun.get(number))).isEqualTo(number);
            }
        }
    }

    @Test
    void aFailureMeetsWhoComesNext() {
        try (Drawings drawings = new Drawings()) {
            assertThatThrownBy(() -> {
                        for (int number = 0; number < 100; number++) {
                            drawings.begin(() -> {
                                throw VitrineException.failure("disk full");
                            });
                        }
                    })
                    .isInstanceOf(VitrineException.class)
                    .hasMessage("disk full");
        }
    }

    @Test
    void closingWaitsForWhatHasBegunAndGivesUpTheRest() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        CountDownLatch running = new CountDownLatch(1);
        Drawings drawings = new Drawings();
        Future<Integer> last = drawings.begin(ended::get);
        Drawings.result(last);
        // A machine of one core has room for two.
        for (int number = 0; number < 2; number++) {
            drawings.begin(() -> {
                begun.incrementAndGet();
                running.countDown();
                Thread.sleep(200);
                return ended.incrementAndGet();
            });
        }
        running.await();
        drawings.close();
        assertThat(ended.get()).isEqualTo(begun.get()).isPositive();
        drawings.close();
    }
}
