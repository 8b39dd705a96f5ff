package dev.vitrine.lens.optimization;

/**
 * Minimization by L-BFGS.
 *
 * @param memory number of steps that the inverse Hessian is estimated from
 * @param steps maximum number of steps
 * @param tolerance stops when a step gains less than this share of max(|f|, 1), or no component of ∇f exceeds it
 */
public record LimitedMemoryBfgs(int memory, int steps, double tolerance) {
    public LimitedMemoryBfgs {
        if (memory < 1 || steps < 0 || !(tolerance >= 0)) {
            throw new IllegalArgumentException("memory " + memory + ", " + steps + " steps, tolerance " + tolerance);
        }
    }

    /** Called after each step; stops the minimization by returning false. */
    @FunctionalInterface
    public interface Watch {
        Watch NONE = (step, value) -> Decision.GO_ON;

        Decision taken(int step, double value);
    }

    /** Whether to take another step. */
    public enum Decision {
        GO_ON,
        END
    }

    /** The result. */
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
