package dev.vitrine.lens.training.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void stepsFallAtTheirMilestones() {
        Schedule schedule = new Schedule.Step(List.of(0.5, 0.75), 0.1);
        assertThat(schedule.factor(0.49)).isEqualTo(1);
        assertThat(schedule.factor(0.5)).isEqualTo(0.1, within(1e-12));
        assertThat(schedule.factor(0.9)).isEqualTo(0.01, within(1e-12));
    }

    @Test
    void theCosineRisesStraightAndFallsRound() {
        Schedule schedule = new Schedule.Cosine(0.2);
        assertThat(schedule.factor(0.1)).isEqualTo(0.5, within(1e-12));
        assertThat(schedule.factor(0.2)).isEqualTo(1, within(1e-12));
        assertThat(schedule.factor(0.6)).isEqualTo(0.5, within(1e-12));
        assertThat(schedule.factor(0.4)).isEqualTo((1 + Math.sqrt(0.5)) / 2, within(1e-12));
        assertThat(new Schedule.Cosine(0).factor(0)).isEqualTo(1);
    }

    @Test
    void oneCycleHasItsPeakAfterTheRise() {
        Schedule schedule = new Schedule.OneCycle(0.3);
        assertThat(schedule.factor(0)).isEqualTo(0.04, within(1e-12));
        assertThat(schedule.factor(0.15)).isEqualTo(0.52, within(1e-12));
        assertThat(schedule.factor(0.3)).isEqualTo(1, within(1e-12));
        assertThat(schedule.factor(0.65)).isEqualTo((1 + 4e-6) / 2, within(1e-12));
        assertThat(schedule.factor(1)).isEqualTo(4e-6, within(1e-12));
    }

    @Test
    void impossibleSharesAreRefused() {
        assertThatThrownBy(() -> new Schedule.Step(List.of(1.5), 0.1)).hasMessageContaining("milestone 1.5");
        assertThatThrownBy(() -> new Schedule.Step(List.of(), 0)).hasMessageContaining("factor 0.0");
        assertThatThrownBy(() -> new Schedule.Cosine(1)).hasMessageContaining("warmup 1.0");
        assertThatThrownBy(() -> new Schedule.OneCycle(0)).hasMessageContaining("rise 0");
    }
}
