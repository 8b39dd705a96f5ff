package dev.vitrine.lens.optimization;

/**
 * The least value by L-BFGS.
 *
 * @param memory steps that the inverse Hessian is told by
 * @param steps most steps that are taken
 * @param tolerance ends where a step gains less than this share of max(|f|, 1), or where no component of ∇f exceeds it
 */
public record LimitedMemoryBfgs(int memory, int steps, double tolerance) {
    public LimitedMemoryBfgs {
        if (memory < 1 || steps < 0 || !(tolerance >= 0)) {
            throw new IllegalArgumentException("memory " + memory + ", " + steps + " steps, tolerance " + tolerance);
        }
    }

    /** Hears of each step; where it says no, the way ends there. */
    @FunctionalInterface
    public interface Watch {
        Watch NONE = (step, value) -> Decision.GO_ON;

        Decision taken(int step, double value);
    }

    /** Whether another step is taken. */
    public enum Decision {
        GO_ON,
        END
    }

    /** Where the way ended. */
    public record Minimum(double[] point, double value, int steps) {}

    public Minimum minimize(SmoothFunction function, double[] start) {
        return minimize(function, start, Watch.NONE);
    }

    public Minimum minimize(SmoothFunction function, double[] start, Watch watch) {
        Descent descent = new Descent(function, start, memory, Descent.FirstTrial.UNIT);
        int taken = 0;
        while (taken < steps && descent.steepness() > tolerance) {
            double before = descent.value();
            if (!descent.step()) {
                break;
            }
            taken++;
            boolean small = before - descent.value() <= tolerance * Math.max(1, Math.abs(descent.value()));
            if (watch.taken(taken, descent.value()) == Decision.END || small) {
                break;
            }
        }
        return new Minimum(descent.point(), descent.value(), taken);
    }
}
