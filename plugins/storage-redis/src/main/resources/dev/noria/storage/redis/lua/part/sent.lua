-- Stores the jobs of a call, also those that were sent as plain ones.
local jobs = A.jobs or {}
for i = 1, #(A.plain or {}), 2 do
  local job = read_body(string.rep('\0', 6) .. A.plain[i + 1])
  job.i, job.L = A.plain[i], nil
  jobs[#jobs + 1] = job
end
return enqueue(jobs)
