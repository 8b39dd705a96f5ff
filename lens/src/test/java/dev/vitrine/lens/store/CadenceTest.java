package dev.vitrine.lens.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CadenceTest {
    private long now;

    /** When it saves in ten minutes of steps of a second, where saving takes so long. */
    private List<Long> saves(Duration cost) {
        List<Long> saves = new ArrayList<>();
        Cadence cadence = new Cadence(Duration.ofSeconds(25), Duration.ofSeconds(50), () -> now);
        long begun = now;
        while (now - begun < Duration.ofMinutes(10).toNanos()) {
            now += Duration.ofSeconds(1).toNanos();
            cadence.pass(() -> {
                saves.add(Duration.ofNanos(now - begun).toSeconds());
                now += cost.toNanos();
            });
        }
        return saves;
    }

    @Test
    void savesOftenWhereItCostsLittleAndNeverLosesAMinute() {
        assertThat(saves(Duration.ZERO)).startsWith(25L, 50L, 75L).hasSize(24);
        assertThat(saves(Duration.ofSeconds(2))).startsWith(25L, 67L, 109L);
        assertThat(saves(Duration.ofSeconds(8))).startsWith(25L, 83L, 141L);
    }
}
