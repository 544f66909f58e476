-- needs: base reply hints job keys ends enqueue
-- keys: the prefix of the namespace
-- args: now, client, sequence, jobs
-- reply: a list of receipts
local kept, refusal = repeated('e')
if kept or refusal then
  return kept or refusal
end
local receipts = enqueue(A.jobs)
commit()
return keep_reply('e', encode(receipts))
